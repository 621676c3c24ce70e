package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Table is the service table of §5.4: what service is owed, and who bears its
// cost, by warranty and by where the team is. It has one row for each of the
// six combinations.
type Table struct {
	// Version names a department's own table; empty is the procedure's.
	Version string
	// HandoverMonths: so many months before the warranty ends the gradual
	// handover to the center begins (§5.4.1.1).
	HandoverMonths int
	Rows           []ServiceRow
}

// ServiceRow is one row of the service table.
type ServiceRow struct {
	InWarranty bool
	Presence   Presence
	Clause     string
	// RespondWithin is the time from notification to arrival in an emergency;
	// zero means no deadline.
	RespondWithin time.Duration
	// Promptly: an emergency asks for prompt arrival. That is advice, which
	// cannot be breached.
	Promptly bool
	Visits   Quota // routine visits
	// OnSiteMonths: the team stays on site until occupancy and so many months,
	// and makes routine visits only from then on; zero: it does not.
	OnSiteMonths int
	Bearer       Bearer // of wear; human damage and force majeure are the center's everywhere
	// TravelCharged: where the center bears the cost, travel and labour are
	// charged as well.
	TravelCharged bool
	// PhoneOnly: the tech group helps by phone, and a visit is made on order.
	PhoneOnly bool
}

// Quota is how many routine visits are owed in each period. The zero value
// owes none.
type Quota struct {
	Count int
	Per   Period
}

// Period is the span that a quota counts in.
type Period string

const (
	Week      Period = "week"       // Monday to Sunday
	HalfMonth Period = "half-month" // 1st to 15th, 16th to the month's end
	Month     Period = "month"
)

// String writes the quota as people write it: 2/week, or none.
func (q Quota) String() string {
	if q.Count == 0 {
		return none
	}
	return fmt.Sprintf("%d/%s", q.Count, q.Per)
}

// days is the most days a period has, and so the most visits it can ask for.
func (p Period) days() int { return map[Period]int{Week: 7, HalfMonth: 15, Month: 28}[p] }

// Around returns the first and last date of the period that holds d.
func (p Period) Around(d calendar.Date) (first, last calendar.Date) {
	month := d.Month()
	middle := month.First().AddDays(14)
	switch {
	case p == Week:
		monday := d.AddDays(-(int(d) + 3) % 7) // 1970-01-01 was a Thursday
		return monday, monday.AddDays(6)
	case p == HalfMonth && d.After(middle):
		return middle.AddDays(1), month.Last()
	case p == HalfMonth:
		return month.First(), middle
	}
	return month.First(), month.Last()
}

// DefaultTable returns the table as §5.4 states it.
func DefaultTable() Table {
	return Table{HandoverMonths: 6, Rows: []ServiceRow{
		{InWarranty: true, Presence: OnProject, Clause: "5.4/1", Promptly: true, Visits: Quota{2, Week}, Bearer: Us},
		{InWarranty: true, Presence: ElsewhereCity, Clause: "5.4/2", RespondWithin: 24 * time.Hour, Visits: Quota{1, Week}, Bearer: Us},
		{InWarranty: true, Presence: LeftCity, Clause: "5.4/3", RespondWithin: 48 * time.Hour, Visits: Quota{1, Month}, OnSiteMonths: 6, Bearer: Us, TravelCharged: true},
		{Presence: OnProject, Clause: "5.4/4", Visits: Quota{1, Week}, Bearer: Center},
		{Presence: ElsewhereCity, Clause: "5.4/5", Visits: Quota{1, HalfMonth}, Bearer: Center},
		{Presence: LeftCity, Clause: "5.4/6", Bearer: Center, TravelCharged: true, PhoneOnly: true},
	}}
}

// Presences lists where a team can be, in the order of the table.
func Presences() []Presence { return []Presence{OnProject, ElsewhereCity, LeftCity} }

// Row returns the row for a state of the warranty and a presence.
func (t Table) Row(inWarranty bool, p Presence) (ServiceRow, error) {
	for _, row := range t.Rows {
		if row.InWarranty == inWarranty && row.Presence == p {
			return row, nil
		}
	}
	return ServiceRow{}, domain.Invalid("presence", string(p), "no-service-row",
		"has no row in the service table for warranty %t", "5.4", inWarranty)
}

// Cell names one cell of a row, by what it grants.
type Cell string

const (
	Response Cell = "response" // none, promptly, or hours and minutes such as 24h
	Visits   Cell = "visits"   // none, or such as 2/week, 1/half-month, 1/month
	OnSite   Cell = "onSite"   // none, or months after occupancy such as 6 months
	Cost     Cell = "cost"     // department or center
	Travel   Cell = "travel"   // free, or charged where the center bears the cost
	Support  Cell = "support"  // visit or phone
)

// Cells lists the cells in the order of the table.
func Cells() []Cell { return []Cell{Response, Visits, OnSite, Cost, Travel, Support} }

// Bounds of what a cell can say; what lies beyond is a slip of the pen.
const (
	maxRespondWithin = 30 * 24 * time.Hour
	maxOnSiteMonths  = 120
	maxHandover      = 60 // months
)

const none = "none"

// Text writes a cell as people write it in a table.
func (r ServiceRow) Text(c Cell) string {
	switch c {
	case Response:
		switch {
		case r.Promptly:
			return "promptly"
		case r.RespondWithin == 0:
			return none
		}
		return hours(r.RespondWithin)
	case Visits:
		return r.Visits.String()
	case OnSite:
		if r.OnSiteMonths == 0 {
			return none
		}
		return fmt.Sprintf("%d months", r.OnSiteMonths)
	case Cost:
		return strings.ToLower(string(r.Bearer))
	case Travel:
		if r.TravelCharged {
			return "charged"
		}
		return "free"
	case Support:
		if r.PhoneOnly {
			return "phone"
		}
		return "visit"
	}
	return ""
}

func hours(d time.Duration) string {
	h, m := d/time.Hour, d%time.Hour/time.Minute
	if m == 0 {
		return fmt.Sprintf("%dh", h)
	}
	return fmt.Sprintf("%dh%dm", h, m)
}

// with returns the row with another value in a cell.
func (r ServiceRow) with(field string, c Cell, text string) (ServiceRow, error) {
	bad := func(rule domain.Sentence, args ...any) (ServiceRow, error) {
		return r, domain.Invalid(field, domain.Clip(text), "bad-service-cell", rule, "5.4", args...)
	}
	switch c {
	case Response:
		return r.withResponse(text, bad)
	case Visits:
		r.Visits = Quota{}
		if text == none {
			return r, nil
		}
		count, per, _ := strings.Cut(text, "/")
		n, err := strconv.Atoi(count)
		p := Period(per)
		if err != nil || p.days() == 0 || n < 1 || n > p.days() {
			return bad(`must be "none", or a number of visits a period that has so many days: such as 2/week, 1/half-month, 1/month`)
		}
		r.Visits = Quota{n, p}
	case OnSite:
		r.OnSiteMonths = 0
		if text == none {
			return r, nil
		}
		count, unit, _ := strings.Cut(text, " ")
		n, err := strconv.Atoi(count)
		if err != nil || unit != "months" || n < 1 || n > maxOnSiteMonths {
			return bad(`must be "none", or 1 to %d months after occupancy, such as "6 months"`, maxOnSiteMonths)
		}
		r.OnSiteMonths = n
	case Cost:
		switch r.Bearer = Bearer(strings.ToUpper(text)); {
		case text != strings.ToLower(text), r.Bearer != Us && r.Bearer != Center:
			return bad(`must be "department" or "center"`)
		}
	case Travel:
		r.TravelCharged = text == "charged"
		if !r.TravelCharged && text != "free" {
			return bad(`must be "free", or "charged" where the center bears the cost`)
		}
	case Support:
		r.PhoneOnly = text == "phone"
		if !r.PhoneOnly && text != "visit" {
			return bad(`must be "visit" or "phone"`)
		}
	default:
		return r, domain.Invalid("cell", domain.Clip(string(c)), "unknown-service-cell", "must be one of %v", "5.4", Cells())
	}
	return r, nil
}

func (r ServiceRow) withResponse(
	text string, bad func(domain.Sentence, ...any) (ServiceRow, error),
) (ServiceRow, error) {
	r.RespondWithin, r.Promptly = 0, text == "promptly"
	if r.Promptly || text == none {
		return r, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute || d > maxRespondWithin || d%time.Minute != 0 {
		return bad(`must be "none", "promptly", or whole minutes up to %s, such as 24h or 1h30m`, hours(maxRespondWithin))
	}
	r.RespondWithin = d
	return r, nil
}

// TableText is a table as people write it: what a file or a request says, and
// what the log keeps of a department's own table.
type TableText struct {
	Version        string    `json:"version"`
	HandoverMonths int       `json:"handoverMonths"`
	Rows           []RowText `json:"rows"`
}

// RowText is a row as people write it; see the cells for what each may say.
type RowText struct {
	Clause   string `json:"clause"`
	Warranty string `json:"warranty"` // in or over
	Team     string `json:"team"`     // on-project, elsewhere-city or left-city
	Response string `json:"response"`
	Visits   string `json:"visits"`
	OnSite   string `json:"onSite,omitempty"` // none if absent
	Cost     string `json:"cost"`
	Travel   string `json:"travel,omitempty"`  // free if absent
	Support  string `json:"support,omitempty"` // visit if absent
}

func (r RowText) cells() map[Cell]string {
	absent := func(s, otherwise string) string {
		if s == "" {
			return otherwise
		}
		return s
	}
	return map[Cell]string{
		Response: r.Response, Visits: r.Visits, OnSite: absent(r.OnSite, none), Cost: r.Cost,
		Travel: absent(r.Travel, "free"), Support: absent(r.Support, "visit"),
	}
}

// Text writes the table as people write it.
func (t Table) Text() TableText {
	out := TableText{Version: t.Version, HandoverMonths: t.HandoverMonths}
	for _, r := range t.Rows {
		warranty := "over"
		if r.InWarranty {
			warranty = "in"
		}
		out.Rows = append(out.Rows, RowText{
			Clause: r.Clause, Warranty: warranty, Team: teamText(r.Presence), Response: r.Text(Response), Visits: r.Text(Visits),
			OnSite: r.Text(OnSite), Cost: r.Text(Cost), Travel: r.Text(Travel), Support: r.Text(Support),
		})
	}
	return out
}

func teamText(p Presence) string { return strings.ReplaceAll(strings.ToLower(string(p)), "_", "-") }

// Table reads what Text writes. It refuses a table that is not whole: a value
// that makes no sense, a row that is missing or stands twice. The field of the
// refusal is the place, such as rows[2].response.
func (t TableText) Table() (Table, error) {
	out := Table{Version: t.Version, HandoverMonths: t.HandoverMonths}
	if err := domain.CheckID("version", t.Version); err != nil {
		return Table{}, err
	}
	if t.HandoverMonths < 1 || t.HandoverMonths > maxHandover {
		return Table{}, domain.Invalid("handoverMonths", strconv.Itoa(t.HandoverMonths), "bad-handover-months",
			"must be between 1 and %d", "5.4.1.1", maxHandover)
	}
	for i, text := range t.Rows {
		at := fmt.Sprintf("rows[%d]", i)
		row, err := text.row(at)
		if err != nil {
			return Table{}, err
		}
		if _, err := out.Row(row.InWarranty, row.Presence); err == nil {
			return Table{}, domain.Invalid(at, "", "service-row-twice",
				"is listed twice: the table has a row for warranty %s and team %s already", "5.4", text.Warranty, text.Team)
		}
		if slices.ContainsFunc(out.Rows, func(r ServiceRow) bool { return r.Clause == row.Clause }) {
			return Table{}, domain.Invalid(at+".clause", row.Clause, "clause-twice", "is the clause of another row already",
				"5.4")
		}
		out.Rows = append(out.Rows, row)
	}
	for _, in := range []bool{true, false} {
		for _, p := range Presences() {
			if _, err := out.Row(in, p); err != nil {
				return Table{}, domain.Invalid("rows", "", "service-row-missing",
					"must have a row for warranty %s and team %s", "5.4", map[bool]string{true: "in", false: "over"}[in], teamText(p))
			}
		}
	}
	return out, nil
}

func (r RowText) row(at string) (row ServiceRow, err error) {
	row.Clause, row.InWarranty = r.Clause, r.Warranty == "in"
	if err := domain.CheckText(at+".clause", r.Clause, true); err != nil {
		return row, err
	}
	if !row.InWarranty && r.Warranty != "over" {
		return row, domain.Invalid(at+".warranty", domain.Clip(r.Warranty), "bad-service-row", `must be "in" or "over"`,
			"5.4")
	}
	for _, p := range Presences() {
		if teamText(p) == r.Team {
			row.Presence = p
		}
	}
	if row.Presence == "" {
		return row, domain.Invalid(at+".team", domain.Clip(r.Team), "bad-service-row",
			`must be "on-project", "elsewhere-city" or "left-city"`, "5.4")
	}
	cells := r.cells()
	for _, c := range Cells() {
		if row, err = row.with(at+"."+string(c), c, cells[c]); err != nil {
			return row, err
		}
	}
	return row, nil
}
