package projections

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
)

// NameKind is a kind of thing that a question may name.
type NameKind string

const (
	CenterName      NameKind = "center"
	RegionName      NameKind = "region"
	CityName        NameKind = "city"
	ProjectName     NameKind = "project"
	PartName        NameKind = "part"
	SerialName      NameKind = "serial"
	MakerName       NameKind = "maker"
	SupplierName    NameKind = "supplier"
	TicketName      NameKind = "ticket"
	ReturnName      NameKind = "return"
	RequisitionName NameKind = "requisition"
	RequestName     NameKind = "request"
	CountName       NameKind = "count"
	OwnerName       NameKind = "owner"
	FaultLineName   NameKind = "line"
	ClaimName       NameKind = "claim"
	ReminderName    NameKind = "reminder"
)

// namesIn lists, by kind, every name that some event has mentioned. They are grouped
// by name, so that rows written twice need not be merged first.
var namesIn = map[NameKind]string{
	CenterName:      "SELECT center AS name FROM accounts",
	RegionName:      "SELECT region AS name FROM accounts UNION ALL SELECT region FROM projects",
	CityName:        "SELECT city AS name FROM projects",
	ProjectName:     "SELECT project AS name FROM projects",
	PartName:        "SELECT part AS name FROM catalogue UNION ALL SELECT part FROM part_movements UNION ALL SELECT part FROM faulty_units UNION ALL SELECT part FROM fault_lines UNION ALL SELECT part FROM device_returns UNION ALL SELECT part FROM stock_counts",
	SerialName:      "SELECT arrayJoin(arrayConcat(serials, sent_serials)) AS name FROM part_movements UNION ALL SELECT arrayJoin(serials) FROM faulty_units UNION ALL SELECT arrayJoin([serial, old_serial, new_serial]) FROM fault_lines UNION ALL SELECT arrayJoin([serial, new_serial]) FROM device_returns",
	MakerName:       "SELECT maker AS name FROM device_returns UNION ALL SELECT maker FROM faulty_units UNION ALL SELECT maker FROM catalogue",
	SupplierName:    "SELECT supplier AS name FROM payables UNION ALL SELECT counterparty FROM device_returns",
	TicketName:      "SELECT ticket AS name FROM tickets",
	ReturnName:      "SELECT return_id AS name FROM device_returns",
	RequisitionName: "SELECT requisition AS name FROM requisitions",
	RequestName:     "SELECT request AS name FROM payables WHERE step = 'REQUESTED'",
	CountName:       "SELECT count_sheet AS name FROM stock_counts",
	OwnerName:       "SELECT owner AS name FROM finding_steps UNION ALL SELECT arrayJoin(" + ownersOfClasses() + ")",
	FaultLineName:   "SELECT fault_line AS name FROM fault_lines",
	ClaimName:       "SELECT document AS name FROM documents WHERE event_type = 'ClaimIssued'",
	ReminderName:    "SELECT document AS name FROM documents WHERE event_type = 'ReminderIssued'",
}

// ownersOfClasses lists, for a statement, the roles that look into what nobody is
// assigned to.
func ownersOfClasses() string {
	var roles []string
	for _, c := range finding.Classes() {
		if role := "'" + string(c.Owner()) + "'"; !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return "[" + strings.Join(roles, ", ") + "]"
}

// calledIn are the kinds of things that have a name beside the one that they are found
// by: of each what it is called, since which position.
var calledIn = map[NameKind]string{
	CenterName:  "SELECT center, name, position FROM accounts",
	ProjectName: "SELECT project, name, position FROM projects WHERE name != ''",
	PartName:    "SELECT part, name, position FROM catalogue",
	// of what one record holds, which one does
	FaultLineName: "SELECT fault_line, ticket, position FROM fault_lines",
	ClaimName:     "SELECT document, center, position FROM documents WHERE event_type = 'ClaimIssued'",
	ReminderName:  "SELECT document, center, position FROM documents WHERE event_type = 'ReminderIssued'",
}

// Named tells whether some event within a scope has mentioned a name and, if none has, which
// of those that were mentioned are nearest to it, the nearest first: at most n.
func (m *ReadModels) Named(
	ctx context.Context, scope access.Scope, kind NameKind, name string, n int,
) (known bool, nearest []domain.NamedID, err error) {
	q, err := m.Ask(Cut{Scope: scope}, Page{Limit: n})
	if err != nil {
		return false, nil, err
	}
	defer q.Done()
	mentioned := fmt.Sprintf("SELECT name, '' AS called, toUInt64(0) AS since FROM (%s)", namesIn[kind])
	if called := calledIn[kind]; called != "" {
		mentioned += " UNION ALL " + called
	}
	sql := fmt.Sprintf(`SELECT name, argMax(called, since) FROM (%s) WHERE name != ''
		GROUP BY name ORDER BY editDistanceUTF8(name, {name:String}), name LIMIT {row_limit:UInt64}`, mentioned)
	err = q.RowsUnmerged(ctx, sql, Params{"name": name}, func(rows driver.Rows) error {
		var found domain.NamedID
		if err := rows.Scan(&found.ID, &found.Name); err != nil {
			return err
		}
		known = known || found.ID == name
		if len(nearest) < n {
			nearest = append(nearest, found)
		}
		return nil
	})
	return known, nearest, err
}

// Begun is when what is asked about begins.
type Begun struct {
	Books    calendar.Date // first business date of a posting, or the day of the first account
	Anything calendar.Date // of what goes on in the projects as well
	Recorded time.Time     // when the first of it was recorded
}

// Begun says since when there is anything to be asked about, the same for everybody; zero if
// nothing is there yet. What has begun begins no later for what comes after it: it is read
// once, and anew for a question that lies before it, which papers of an earlier day may
// have reached since.
func (m *ReadModels) Begun(ctx context.Context, before func(Begun) bool) (out Begun, err error) {
	if kept := m.begun.Load(); kept != nil && !before(*kept) {
		return *kept, nil
	}
	q, err := m.Ask(Cut{Scope: access.Whole()}, Page{})
	if err != nil {
		return out, err
	}
	defer q.Done()
	const sql = `SELECT minIf(day, books), minIf(day, day > '1970-01-01'), min(recorded_at) FROM (
		SELECT true AS books, on_date AS day, recorded_at FROM postings
		UNION ALL SELECT true, toDate(recorded_at), recorded_at FROM accounts
		UNION ALL SELECT false, on_date, recorded_at FROM projects
		UNION ALL SELECT false, on_date, recorded_at FROM part_movements
		UNION ALL SELECT false, on_date, recorded_at FROM visits
	) HAVING countIf(books) > 0`
	err = q.RowsUnmerged(ctx, sql, Params{}, func(rows driver.Rows) error {
		return rows.Scan(DateTo(&out.Books), DateTo(&out.Anything), &out.Recorded)
	})
	if err == nil && !out.Recorded.IsZero() {
		m.begun.Store(&out)
	}
	return out, err
}
