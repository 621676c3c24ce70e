package repairs

import (
	"context"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

type recordSupplierBody struct {
	Supplier string `json:"supplier" example:"GYS-01" doc:"Number, unique in the company"`
	Name     string `json:"name" example:"海康威视" doc:"As letters and payment requests name it; no two suppliers share one"`
	Bank     string `json:"bank" example:"中国银行杭州滨江支行"`
	Holder   string `json:"holder,omitempty" doc:"户名; default: the name"`
	Number   string `json:"number" example:"3800 0012 3456" doc:"账号"`
	From     string `json:"from" example:"2026-07-01" doc:"First day of this record; never before that of the last"`
	Reason   string `json:"reason,omitempty" doc:"Of a supplier that is recorded anew"`
}

func (s *service) suppliers() {
	kit.Command(s.Service, "/v1/suppliers", "record-supplier",
		"Record a supplier and the account that its money goes to, from a date on (5.2.2)", kit.MaySupply,
		func(ctx context.Context, in *kit.CommandInput[recordSupplierBody]) (kit.Receipt, error) {
			var p kit.Parser
			b := in.Body
			c := supplier.Record{
				Supplier: domain.SupplierID(b.Supplier), Name: b.Name,
				Account: supplier.BankAccount{Bank: b.Bank, Holder: b.Holder, Number: b.Number},
				From:    p.Date("from", b.From), Reason: b.Reason,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*supplier.Suppliers).Record)
			return kit.ReceiptOf(b.Supplier, o), err
		})
	kit.TaggedQuery(s.Service, "/v1/suppliers", "list-suppliers",
		"供应商: suppliers with the accounts that their money goes to, and what these were before (5.2.2)", kit.MayReadSuppliers,
		func(*suppliersInput) string { return supplier.Stream }, s.listSuppliers)
}

type suppliersInput struct {
	kit.PageParams
	AsOf     string `query:"asOf" doc:"Business date; records from a later date are not in force. Default: today in Shanghai"`
	KnownAt  string `query:"knownAt" doc:"Moment of knowledge. Default: now"`
	After    uint64 `query:"after" doc:"Accepted as by every question; suppliers are read from the log itself and are never behind"`
	Supplier string `query:"supplierNumber"`
}

// SupplierBody is a supplier's record in force, with those before it.
type SupplierBody struct {
	Supplier string               `json:"supplier"`
	Name     string               `json:"name"`
	Bank     string               `json:"bank"`
	Holder   string               `json:"holder"`
	Number   string               `json:"number"`
	From     string               `json:"from"`
	Records  []SupplierRecordBody `json:"records" doc:"All up to the moment asked for, in order; those from a later date, too"`
}

// SupplierRecordBody is one record of a supplier.
type SupplierRecordBody struct {
	Name       string           `json:"name"`
	Bank       string           `json:"bank"`
	Holder     string           `json:"holder"`
	Number     string           `json:"number"`
	From       string           `json:"from"`
	Was        *BankAccountBody `json:"was,omitempty" doc:"The account before, where it changed"`
	Reason     string           `json:"reason,omitempty"`
	By         string           `json:"by"`
	RecordedAt string           `json:"recordedAt"`
}

// BankAccountBody is an account that money goes to.
type BankAccountBody struct {
	Bank   string `json:"bank"`
	Holder string `json:"holder"`
	Number string `json:"number"`
}

// SuppliersBody lists the suppliers.
type SuppliersBody struct {
	AsOf string         `json:"asOf"`
	Rows []SupplierBody `json:"rows" doc:"By number"`
	Next string         `json:"next,omitempty"`
}

func (s *service) listSuppliers(ctx context.Context, in *suppliersInput) (out SuppliersBody, err error) {
	var p kit.Parser
	asOf, knownAt := p.Date("asOf", in.AsOf), p.Instant("knownAt", in.KnownAt)
	if p.Err != nil {
		return out, p.Err
	}
	if asOf.IsZero() {
		asOf = s.Today()
	}
	steps, err := s.Ledger(ctx).Steps(ctx, supplier.Stream)
	if err != nil {
		return out, err
	}
	out = SuppliersBody{AsOf: asOf.String(), Rows: []SupplierBody{}}
	rows, recorded := make(map[string]*SupplierBody), []domain.NamedID{}
	for _, step := range steps {
		e, ok := step.Event.(supplier.SupplierRecorded)
		if !ok || !knownAt.IsZero() && step.RecordedAt.After(knownAt) {
			continue
		}
		recorded = append(recorded, domain.NamedID{ID: string(e.Supplier), Name: e.Name})
		if in.Supplier != "" && in.Supplier != string(e.Supplier) {
			continue
		}
		row := rows[string(e.Supplier)]
		if row == nil {
			row = &SupplierBody{Supplier: string(e.Supplier)}
			rows[row.Supplier] = row
		}
		if !e.From.After(asOf) {
			row.Name, row.Bank, row.Holder, row.Number, row.From = e.Name, e.Account.Bank, e.Account.Holder, e.Account.Number,
				e.From.String()
		}
		r := SupplierRecordBody{
			Name: e.Name, Bank: e.Account.Bank, Holder: e.Account.Holder, Number: e.Account.Number, From: e.From.String(),
			Reason: e.Reason, By: e.By,
			RecordedAt: step.RecordedAt.In(calendar.Shanghai).Format(time.RFC3339Nano),
		}
		if e.Was != nil {
			r.Was = &BankAccountBody{e.Was.Bank, e.Was.Holder, e.Was.Number}
		}
		row.Records = append(row.Records, r)
	}
	for _, row := range rows {
		out.Rows = append(out.Rows, *row)
	}
	slices.SortFunc(out.Rows, func(a, b SupplierBody) int { return strings.Compare(a.Supplier, b.Supplier) })
	if err := out.page(in.PageParams); err != nil {
		return out, err
	}
	if in.Supplier != "" && len(rows) == 0 {
		return out, domain.NotFound("supplierNumber", in.Supplier, "unknown-supplier", "is not a recorded supplier").
			Among(domain.Named(recorded))
	}
	return out, nil
}

// page keeps a page of the rows: the cursor is the last number of the page before.
func (b *SuppliersBody) page(p kit.PageParams) error {
	if p.Cursor != "" {
		at := slices.IndexFunc(b.Rows, func(r SupplierBody) bool { return r.Supplier == p.Cursor })
		if at < 0 {
			return projections.BadCursor(p.Cursor)
		}
		b.Rows = b.Rows[at+1:]
	}
	if len(b.Rows) > p.Limit {
		b.Rows = b.Rows[:p.Limit]
		b.Next = b.Rows[p.Limit-1].Supplier
	}
	return nil
}

// NextPage is the cursor of the next page, empty on the last.
func (b *SuppliersBody) NextPage() string { return b.Next }
