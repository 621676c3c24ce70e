package imports

import (
	"context"
	"errors"
	"strings"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// catalogueRows turns the rows of a catalogue into descriptions of parts.
type catalogueRows struct {
	ledger *ledger.Ledger
	from   calendar.Date // where a row names none
	parts  []catalogue.Describe
}

// Catalogue is a list of parts and devices (配件目录). from is the first day of
// the descriptions where a row names none.
func Catalogue(l *ledger.Ledger, from calendar.Date) Kind {
	return &catalogueRows{ledger: l, from: from}
}

func (*catalogueRows) Name() string         { return "catalogue" }
func (*catalogueRows) layout() sheet.Layout { return sheet.Catalogue }

func (l *catalogueRows) parse(_ context.Context, _ domain.Actor, row *listRow) error {
	c := cells{row}
	c.document("part")
	if row.document == "" && len(row.faults) == 0 {
		c.fail("part", domain.Invalid("part", "", "text-required", "must be given", ""))
	}
	from, dated := optional(c, "from", sheet.Value.Date)
	if !dated {
		from = l.from
	}
	serialised, err := row.Value("serialised").YesNo()
	c.fail("serialised", err)
	cost, _ := optional(c, "warrantyCost", sheet.Value.Amount)
	p := catalogue.PartCatalogued{
		Part: domain.PartCode(row.document), Name: c.required("name"), Model: c.text("model"), Maker: c.text("maker"),
		Unit:       c.required("unit"),
		Serialised: serialised, WarrantyCost: cost, From: from,
	}
	l.parts = append(l.parts, catalogue.Describe{Parts: []catalogue.PartCatalogued{p}})
	row.field, row.group = "part", catalogue.Stream
	row.says = domain.Say("%s, %s, from %s", p.Name, p.Unit, p.From)
	row.key = "import-part-" + Fingerprint(p)[:32]
	return nil
}

func (l *catalogueRows) rehearse(ctx context.Context, r ledger.Request, i int) (bool, error) {
	known, err := l.ledger.RehearseParts(ctx, r, l.parts[i])
	return known, ofRow(err, "parts[0].")
}

func (l *catalogueRows) record(ctx context.Context, rows []requested, partly bool) ([]eventstore.Answer, error) {
	answers, err := l.ledger.DescribeListed(ctx, listed(rows, l.parts), partly)
	for i := range answers {
		answers[i].Err = ofRow(answers[i].Err, "parts[0].")
	}
	return answers, err
}

// ofRow names the field of a list's row as its column is named.
func ofRow(err error, prefix string) error {
	var r *domain.Rejection
	if !errors.As(err, &r) || !strings.HasPrefix(r.Field, prefix) {
		return err
	}
	named := *r
	named.Field = strings.TrimPrefix(r.Field, prefix)
	return &named
}
