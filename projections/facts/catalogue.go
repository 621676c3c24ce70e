package facts

import (
	_ "embed"

	"aftersales-ledger/domain/catalogue"
)

//go:embed catalogue.sql
var catalogueSQL string

// catalogueFacts are the descriptions of parts.
type catalogueFacts struct {
	key          keyColumns
	part         textColumn
	fromDate     dateColumn
	name         textColumn
	model        textColumn
	maker        textColumn
	unit         textColumn
	serialised   flagColumn
	warrantyCost moneyColumn
}

func newCatalogueFacts() *catalogueFacts {
	t := newTable("catalogue", catalogueSQL, Lies{Open: true})
	return &catalogueFacts{
		key: newKeyColumns(t), part: t.text("part"), fromDate: t.date("from_date"), name: t.text("name"),
		model: t.text("model"),
		maker: t.text("maker"), unit: t.text("unit"), serialised: t.flag("serialised"),
		warrantyCost: t.money("warranty_cost"),
	}
}

func (f *catalogueFacts) add(r *Recorded, e catalogue.PartCatalogued) {
	f.key.begin(r, 0)
	f.part.add(string(e.Part))
	f.fromDate.add(e.From)
	f.name.add(e.Name)
	f.model.add(e.Model)
	f.maker.add(e.Maker)
	f.unit.add(e.Unit)
	f.serialised.add(e.Serialised)
	f.warrantyCost.add(e.WarrantyCost)
}
