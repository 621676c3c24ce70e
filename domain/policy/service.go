package policy

import (
	"fmt"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
)

// Override is a term of a project's contract that stands in place of one cell
// of the service table: contract terms come first (§5.4).
type Override struct {
	ID         domain.OverrideID
	InWarranty bool // with Presence: the row
	Presence   Presence
	Cell       Cell
	Value      string // as the cell is written in a table; FromTable ends an override
	From       calendar.Date
	Until      calendar.Date // the last day; zero: until the next override of the cell
	Contract   string        // clause of the contract
}

// FromTable is the value of an override that gives the cell back to the table.
const FromTable = "table"

// Check rejects an override that no row or cell of a table could take.
func (o Override) Check() error {
	if _, err := DefaultTable().Row(o.InWarranty, o.Presence); err != nil {
		return domain.Invalid("presence", string(o.Presence), "unknown-presence",
			"must be one of %v", "5.4",
			Presences())
	}
	_, err := ServiceRow{}.with("value", o.Cell, o.Value)
	if o.Value == FromTable {
		_, err = ServiceRow{}.with("value", o.Cell, ServiceRow{Bearer: Us}.Text(o.Cell))
	}
	return err
}

// Inputs are what the service table is asked about.
type Inputs struct {
	At             time.Time     // the notification, or any moment of the day asked about
	WarrantyEndsOn calendar.Date // last day in warranty
	OccupancyOn    calendar.Date // zero: not known
	Presence       Presence
	Category       Category   // empty: no need, only what is owed as a routine
	Cause          Cause      // of the fault; empty: not known
	Overrides      []Override // all of the project's, in the order of their dates
}

// Ruling is what the table and the contract grant, and why.
type Ruling struct {
	Inputs      Inputs
	On          calendar.Date // business date of Inputs.At
	InWarranty  bool
	Table       string // version of the department's own table; empty: the procedure's
	Clause      string
	Row         ServiceRow // as it applies, contract terms included
	Contract    []ContractTerm
	RespondBy   *time.Time    // latest arrival on site; nil: no deadline
	Advisory    bool          // prompt arrival is asked for, and cannot be breached
	OnSiteUntil calendar.Date // last day of the team on site; zero: it is not stationed there by the table
	Visits      Quota         // routine visits owed, none while the team is on site
	Bearer      Bearer
	// TravelCharged: the center pays travel and labour, too. Of a ruling that
	// leaves the cost with us it is what holds for causes outside warranty.
	TravelCharged bool
}

// ContractTerm is a cell that a contract has changed.
type ContractTerm struct {
	Override domain.OverrideID `json:"override"`
	Cell     Cell              `json:"cell"`
	Table    string            `json:"table"` // what the service table says
	Value    string            `json:"value"`
	Contract string            `json:"contract"` // clause of the contract
}

// Evaluate finds what is granted. It is a pure function of the table and the
// inputs; Because of its result says how it came to be.
func (t Table) Evaluate(in Inputs) (Ruling, error) {
	on := calendar.DateOf(in.At)
	r := Ruling{Inputs: in, On: on, InWarranty: !on.After(in.WarrantyEndsOn), Table: t.Version}
	row, err := t.Row(r.InWarranty, in.Presence)
	if err != nil {
		return r, err
	}
	r.Clause = row.Clause
	if r.Row, err = r.contract(row); err != nil {
		return r, err
	}
	if in.Category == Emergency {
		r.Advisory = r.Row.Promptly
		if r.Row.RespondWithin > 0 {
			by := in.At.Add(r.Row.RespondWithin)
			r.RespondBy = &by
		}
	}
	r.Visits = r.Row.Visits
	if r.Row.OnSiteMonths > 0 && !in.OccupancyOn.IsZero() {
		r.OnSiteUntil = in.OccupancyOn.AddMonths(r.Row.OnSiteMonths)
		if !on.After(r.OnSiteUntil) {
			r.Visits = Quota{}
		}
	}
	r.Bearer, r.TravelCharged = r.Row.Bearer, r.Row.TravelCharged
	if in.Cause.Excluded() {
		r.Bearer = Center
	}
	return r, nil
}

// contract puts the contract's terms of the day in place of the table's cells:
// of each cell the override that began last.
func (r *Ruling) contract(row ServiceRow) (ServiceRow, error) {
	for _, c := range Cells() {
		var term Override
		for _, o := range r.Inputs.Overrides {
			in := o.InWarranty == row.InWarranty && o.Presence == row.Presence && o.Cell == c
			if in && !o.From.After(r.On) && (o.Until.IsZero() || !r.On.After(o.Until)) && !o.From.Before(term.From) {
				term = o
			}
		}
		if term.ID == "" || term.Value == FromTable {
			continue
		}
		said := row.Text(c)
		changed, err := row.with("value", c, term.Value)
		if err != nil {
			return row, err
		}
		row = changed
		r.Contract = append(r.Contract, ContractTerm{term.ID, c, said, term.Value, term.Contract})
	}
	return row, nil
}

// Because explains the ruling step by step, Chinese first.
func (r Ruling) Because() []string {
	because := append(r.covered(), r.response()...)
	return append(append(because, r.routine()...), r.cost()...)
}

func (r Ruling) covered() (because []string) {
	say := func(format string, args ...any) { because = append(because, fmt.Sprintf(format, args...)) }
	end := r.Inputs.WarrantyEndsOn
	if r.InWarranty {
		say("%s 在保：保修至 %s 含当日 · in warranty on %s, until %s inclusive", r.On, end, r.On, end)
	} else {
		say("%s 已出保：保修至 %s · out of warranty on %s, which ended on %s", r.On, end, r.On, end)
	}
	if r.Table != "" {
		say("按部门服务标准 %s · by the department's own service table %s", r.Table, r.Table)
	}
	say("班组%s：适用 %s · team %s: clause %s", names.Of(r.Inputs.Presence), r.Clause, teamText(r.Inputs.Presence), r.Clause)
	for _, c := range r.Contract {
		say("合同约定优先（%s）：%s 由 %s 改为 %s · the contract comes first (%s, %s): %s is %s, not %s",
			c.Contract, names.Of(c.Cell), c.Table, c.Value, c.Override, c.Contract, c.Cell, c.Value, c.Table)
	}
	return because
}

func (r Ruling) response() []string {
	switch {
	case r.Inputs.Category == "":
		return nil
	case r.Inputs.Category != Emergency:
		return []string{"非紧急：无到场时限 · not an emergency: no deadline for arrival"}
	case r.Advisory:
		return []string{"紧急：尽快到场，不计超时 · emergency: promptly, which is advice and never breached"}
	case r.RespondBy == nil:
		return []string{"紧急：本条无到场时限 · emergency: this row sets no deadline"}
	}
	by := r.RespondBy.In(calendar.Shanghai).Format(time.RFC3339)
	if r.Row.RespondWithin == 0 {
		return []string{fmt.Sprintf("紧急：至迟 %s 到场 · emergency: on site by %s", by, by)}
	}
	within := hours(r.Row.RespondWithin)
	return []string{
		fmt.Sprintf("紧急：自通知起 %s 内到场，节假日不顺延 · emergency: on site within %s of the notification, holidays included, by %s",
			within, within, by),
	}
}

func (r Ruling) routine() (because []string) {
	months, occupied := r.Row.OnSiteMonths, r.Inputs.OccupancyOn
	if r.Row.PhoneOnly {
		because = append(because, "技术组电话支持，上门另计 · phone support by the tech group; a visit is made on order")
	}
	switch {
	case months > 0 && occupied.IsZero():
		because = append(because, "入伙日期未知，不计驻场期 · the occupancy date is not known: no time on site follows from it")
	case months > 0 && !r.On.After(r.OnSiteUntil):
		return append(because, fmt.Sprintf("入伙 %s 后 %d 个月内驻场，至 %s · on site until %d months after occupancy on %s: until %s",
			occupied, months, r.OnSiteUntil, months, occupied, r.OnSiteUntil))
	case months > 0:
		because = append(because, fmt.Sprintf("驻场期已于 %s 结束 · the time on site ended on %s", r.OnSiteUntil, r.OnSiteUntil))
	}
	if r.Visits.Count == 0 {
		return append(because, "无例行巡检要求 · no routine visits are owed")
	}
	return append(because, fmt.Sprintf("例行巡检 %s · routine visits: %s", r.Row.Text(Visits), r.Row.Text(Visits)))
}

func (r Ruling) cost() (because []string) {
	switch {
	case r.Inputs.Cause.Excluded():
		because = append(because,
			fmt.Sprintf("%s 不属保修范围，费用由物业服务中心承担 · %s is outside warranty everywhere: the center bears the cost", r.Inputs.Cause,
				r.Inputs.Cause))
	case r.Bearer == Us:
		because = append(because,
			"费用由部门承担，人为损坏及不可抗力除外 · the department bears the cost; human damage and force majeure excepted")
	default:
		because = append(because, "维修更换费用由物业服务中心承担 · the center bears the cost of repair and replacement")
	}
	if r.Bearer == Center && r.TravelCharged {
		because = append(because, "另计差旅及人工 · travel and labour are charged as well")
	}
	return because
}

// HandoverFrom is the day on which the gradual handover to the center begins:
// the same day so many months before the warranty ends, clamped to the month's
// end (§5.4.1.1).
func (t Table) HandoverFrom(warrantyEndsOn calendar.Date) calendar.Date {
	return warrantyEndsOn.AddMonths(-t.HandoverMonths)
}

// Coverage is what §5.4 grants a ticket, with the inputs it was found from. It
// is frozen on the ticket at notification [D].
type Coverage struct {
	NotifiedOn     calendar.Date `json:"notifiedOn"`
	WarrantyEndsOn calendar.Date `json:"warrantyEndsOn"` // last day in warranty
	InWarranty     bool          `json:"inWarranty"`
	Presence       Presence      `json:"presence"`
	Category       Category      `json:"category"`
	Bearer         Bearer        `json:"bearer"` // for wear; see BearerFor
	TravelCharged  bool          `json:"travelCharged"`
	RespondBy      *time.Time    `json:"respondBy,omitempty"` // latest arrival on site; absent: no deadline
	Clause         string        `json:"clause"`

	// Joined later; absent from coverage frozen before.
	Response string         `json:"response,omitempty"` // the cell of the clock: none, promptly, 24h
	Advisory bool           `json:"advisory,omitempty"` // prompt arrival is asked for, and cannot be breached
	Table    string         `json:"table,omitempty"`    // version of the department's own table; absent: the procedure's
	Contract []ContractTerm `json:"contract,omitempty"` // cells that the contract has changed
}

// Cover finds what is granted for a need, in the form that its ticket freezes.
func (t Table) Cover(in Inputs) (Coverage, error) {
	in.Cause = "" // not known yet
	r, err := t.Evaluate(in)
	return Coverage{
		NotifiedOn: r.On, WarrantyEndsOn: in.WarrantyEndsOn, InWarranty: r.InWarranty, Presence: in.Presence,
		Category: in.Category,
		Bearer:   r.Bearer, TravelCharged: r.TravelCharged, RespondBy: r.RespondBy, Clause: r.Clause,
		Response: r.Row.Text(Response), Advisory: r.Advisory, Table: t.Version, Contract: r.Contract,
	}, err
}

// BearerFor says who bears the cost of a fault of a given cause.
func (c Coverage) BearerFor(cause Cause) Bearer {
	if cause.Excluded() {
		return Center
	}
	return c.Bearer
}

// Because explains the coverage of a need, as frozen, step by step.
func (c Coverage) Because() []string {
	r := Ruling{
		Inputs: Inputs{WarrantyEndsOn: c.WarrantyEndsOn, Presence: c.Presence, Category: c.Category},
		On:     c.NotifiedOn, InWarranty: c.InWarranty, Table: c.Table, Clause: c.Clause, Contract: c.Contract,
		RespondBy: c.RespondBy, Advisory: c.Advisory, Bearer: c.Bearer, TravelCharged: c.TravelCharged,
	}
	if row, err := r.Row.with("response", Response, c.Response); err == nil {
		r.Row = row
	}
	return append(append(r.covered(), r.response()...), r.cost()...)
}

// AsCategory returns the coverage of the same need in another category: an
// emergency has the clock of the row, another need has none.
func (c Coverage) AsCategory(k Category, notifiedAt time.Time) Coverage {
	c.Category, c.RespondBy = k, nil
	row, err := ServiceRow{}.with("response", Response, c.Response)
	if err != nil { // frozen before the cell was, or by an override of the deadline
		row, err = DefaultTable().Row(c.InWarranty, c.Presence)
		c.Response = row.Text(Response)
	}
	c.Advisory = err == nil && k == Emergency && row.Promptly
	if err == nil && k == Emergency && row.RespondWithin > 0 {
		by := notifiedAt.Add(row.RespondWithin)
		c.RespondBy = &by
	}
	return c
}
