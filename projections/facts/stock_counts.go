package facts

import (
	_ "embed"

	"aftersales-ledger/domain/depot"
)

//go:embed stock_counts.sql
var stockCountsSQL string

// stockCountFacts are the lines of count sheets.
type stockCountFacts struct {
	key        keyColumns
	project    textColumn
	part       textColumn
	countSheet textColumn
	counted    decimalColumn
	book       decimalColumn
	serials    textsColumn
	reason     textColumn
	countedBy  textColumn
	witness    textColumn
	countedOn  dateColumn
}

func newStockCountFacts() *stockCountFacts {
	t := newTable("stock_counts", stockCountsSQL, Lies{Project: "project"})
	return &stockCountFacts{
		key: newKeyColumns(t), project: t.text("project"), part: t.text("part"), countSheet: t.text("count_sheet"),
		counted: t.decimal("counted", 18, 3), book: t.decimal("book", 18, 3), serials: t.texts("serials"),
		reason:    t.text("reason"),
		countedBy: t.text("counted_by"), witness: t.text("witness"), countedOn: t.date("counted_on"),
	}
}

func (f *stockCountFacts) add(r *Recorded, e depot.StockCounted) {
	for i, l := range e.Lines {
		f.key.begin(r, i)
		f.project.add(string(e.Project))
		f.part.add(string(l.Part))
		f.countSheet.add(string(e.Count))
		f.counted.add(l.Counted)
		f.book.add(l.Book)
		f.serials.add(l.Serials)
		f.reason.add(l.Reason)
		f.countedBy.add(e.CountedBy)
		f.witness.add(e.Witness)
		f.countedOn.add(e.CountedOn)
	}
}
