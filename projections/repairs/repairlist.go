package repairs

import (
	"context"
	_ "embed"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
)

var (
	//go:embed repairlist.sql
	repairListSQL string
	//go:embed repairlist_rows.sql
	repairRowsSQL string
	//go:embed repairlist_regions.sql
	repairRegionsSQL string
	//go:embed returnsteps.sql
	returnStepsSQL string
)

// RepairStatus is how far a process sheet has come.
type RepairStatus string

const (
	RepairAwaitingApproval RepairStatus = "AWAITING_APPROVAL" // 待审批
	RepairRejected         RepairStatus = "REJECTED"          // 已驳回: the team has to put it forward again
	RepairToShip           RepairStatus = "TO_SHIP"           // 待发出
	RepairAtMaker          RepairStatus = "AT_MAKER"          // 在厂家
	RepairCharged          RepairStatus = "CHARGED"           // of a compensation: reviewed, hence charged
)

// Repair is one process sheet and how far it has come: at one of the above, or
// ended with a repair.Result. Amounts are in yuan.
type Repair struct {
	Return       domain.ReturnID
	Compensation bool // the other kind of sheet (§5.3.2); its amount is the Estimate
	Project      domain.ProjectID
	Region       string
	Center       domain.CenterID // of a compensation
	Ticket       domain.TicketID
	FaultLine    domain.FaultLineID
	Part         domain.PartCode
	Serial       string
	Maker        string
	Fault        string
	FiledOn      calendar.Date
	FiledBy      string
	Status       RepairStatus
	Awaiting     repair.Gate // whose decision it waits for; a device at its maker may wait for the cost

	Rejected       bool // and not put forward again
	RejectedAt     repair.Gate
	RejectedBy     string
	RejectedReason string

	Bearer          policy.Bearer
	Estimate        money.Amount
	Quoted          money.Amount
	WasQuoted       bool         // else the maker has not said what it asks
	Approved        money.Amount // by the department manager
	WasApproved     bool         // else there is no such approval, or none any more
	Payable         money.Amount // approved, and in no payment request
	LetterConfirmed bool
	InRequest       domain.PaymentRequestID

	ShippedOn      calendar.Date
	Waybill        string
	ExpectedBackOn calendar.Date // as promised last
	DaysAtMaker    int
	DaysOverdue    int
	BackOn         calendar.Date
	Result         repair.Result
	NewSerial      string
	// ToReceive (待入库): repaired or replaced by the result, and in no depot by a
	// receipt that names the unit. Of a unit without a serial it is
	// not known, hence false.
	ToReceive bool

	FollowUps    int
	FollowedUpOn calendar.Date // last
	FollowedUpBy string
	Contact      string
	FollowUpNote string
	Refusals     int // attempts to decide that were refused
	Charge       domain.ChargeID
}

// RepairFilter narrows the process sheets down. Empty fields do not narrow.
type RepairFilter struct {
	projections.Filter
	Maker    string
	Status   string
	Awaiting repair.Gate
	Overdue  bool // only devices that should be back
	// ToReceive leaves only devices that are repaired or replaced and that no receipt
	// of a depot names, which have ended as far as their sheets go.
	ToReceive bool
	// ToPay leaves only repairs that a payment request may ask for: something is
	// payable, and we confirmed the maker's letter (§5.2.2).
	ToPay bool
	All   bool // also those that have ended
}

// RepairList is the answer of [Views.Repairs].
type RepairList struct {
	projections.Answer
	Rows []Repair // by region, number
	Next string   // asks for the next page; empty on the last

	Regions []RepairRegion // of all that match, not only those of the page
}

// RepairRegion sums up the process sheets of one region.
type RepairRegion struct {
	Region   string
	Count    int
	AtMaker  int
	Overdue  int
	Awaiting int // somebody's decision
	Payable  money.Amount
}

// Total sums the regions up.
func (l RepairList) Total() (total RepairRegion) {
	for _, r := range l.Regions {
		total.Count, total.AtMaker, total.Overdue = total.Count+r.Count, total.AtMaker+r.AtMaker, total.Overdue+r.Overdue
		total.Awaiting, total.Payable = total.Awaiting+r.Awaiting, total.Payable.Add(r.Payable)
	}
	return total
}

// Repairs lists process sheets in progress.
func (m Views) Repairs(
	ctx context.Context, cut projections.Cut, filter RepairFilter, page projections.Page,
) (RepairList, error) {
	q, err := m.Ask(cut, page, "repairs", filter)
	if err != nil {
		return RepairList{}, err
	}
	defer q.Done()
	answer := RepairList{Answer: q.Answer}
	if err := q.Rows(ctx, repairListSQL+repairRegionsSQL, filter.params("", q), func(rows driver.Rows) error {
		var (
			r                                RepairRegion
			count, atMaker, overdue, waiting uint64
		)
		err := rows.Scan(&r.Region, &count, &atMaker, &overdue, &waiting, projections.AmountTo(&r.Payable))
		r.Count, r.AtMaker, r.Overdue, r.Awaiting = int(count), int(atMaker), int(overdue), int(waiting)
		answer.Regions = append(answer.Regions, r)
		return err
	}); err != nil {
		return RepairList{}, err
	}
	err = q.Rows(ctx, repairListSQL+repairRowsSQL, filter.params("", q), func(rows driver.Rows) error {
		r, err := scanRepair(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(end.Region, string(end.Return))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

func (f RepairFilter) params(id domain.ReturnID, q *projections.Question) projections.Params {
	return f.Filter.Params().With("return_id", string(id)).With("maker", f.Maker).With("status", f.Status).
		With("awaiting", string(f.Awaiting)).With("overdue_only", f.Overdue).
		With("to_receive_only", f.ToReceive).With("to_pay_only", f.ToPay).With("everything", f.All).
		With("after_region", q.AfterKey(0, "")).With("after_return", q.AfterKey(1, ""))
}

func scanRepair(rows driver.Rows) (r Repair, err error) {
	var (
		days, late          int32
		followUps, refusals uint64
	)
	err = rows.Scan(
		projections.TextTo(&r.Return), &r.Compensation, projections.TextTo(&r.Project), &r.Region,
		projections.TextTo(&r.Center), projections.TextTo(&r.Ticket), projections.TextTo(&r.FaultLine),
		projections.TextTo(&r.Part), &r.Serial, &r.Maker, &r.Fault, projections.DateTo(&r.FiledOn), &r.FiledBy,
		projections.TextTo(&r.Status), projections.TextTo(&r.Awaiting),
		&r.Rejected, projections.TextTo(&r.RejectedAt), &r.RejectedBy, &r.RejectedReason, projections.TextTo(&r.Bearer),
		projections.AmountTo(&r.Estimate), projections.AmountTo(&r.Quoted),
		projections.AmountTo(&r.Approved), projections.AmountTo(&r.Payable), &r.LetterConfirmed,
		projections.TextTo(&r.InRequest), projections.DateTo(&r.ShippedOn), &r.Waybill,
		projections.DateTo(&r.ExpectedBackOn), &days, &late, projections.DateTo(&r.BackOn), projections.TextTo(&r.Result),
		&r.NewSerial, &followUps, projections.DateTo(&r.FollowedUpOn),
		&r.FollowedUpBy, &r.Contact, &r.FollowUpNote, &refusals, projections.TextTo(&r.Charge), &r.ToReceive, &r.WasQuoted,
		&r.WasApproved,
	)
	r.DaysAtMaker, r.DaysOverdue, r.FollowUps, r.Refusals = int(days), int(late), int(followUps), int(refusals)
	return r, err
}

// ReturnStep is one thing that happened on a process sheet.
type ReturnStep struct {
	Position       uint64
	RecordedAt     time.Time // in Shanghai
	Actor          string
	Role           string
	Step           string
	On             calendar.Date
	By             string
	Gate           repair.Gate
	GoesTo         repair.Gate
	Bearer         policy.Bearer
	Amount         money.Amount // yuan, of what by the step, see HasAmount
	Counterparty   string       // supplier, or who was spoken with
	Document       string       // payment request, or charge
	Paper          attachment.Digest
	Waybill        string
	ExpectedBackOn calendar.Date
	Result         repair.Result
	NewSerial      string
	Note           string
}

// HasAmount reports whether a step of this kind states an amount at all.
func (s ReturnStep) HasAmount() bool {
	return !slices.Contains([]string{"SHIPPED", "RETURNED", "FOLLOWED_UP", "REFUSED", "PAYMENT_RELEASED"}, s.Step)
}

// ReturnHistory is the answer of [Views.ReturnHistory].
type ReturnHistory struct {
	projections.Answer
	Repair Repair
	Found  bool         // false: no such sheet up to the cut
	Steps  []ReturnStep // in log order
}

// ReturnHistory traces one process sheet from its filing to its payment.
func (m Views) ReturnHistory(ctx context.Context, cut projections.Cut, id domain.ReturnID) (ReturnHistory, error) {
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return ReturnHistory{}, err
	}
	defer q.Done()
	answer := ReturnHistory{Answer: q.Answer}
	if err := q.Rows(ctx, repairListSQL+repairRowsSQL, RepairFilter{
		All: true,
	}.params(id, q), func(rows driver.Rows) (err error) {
		answer.Repair, err = scanRepair(rows)
		answer.Found = true
		return err
	}); err != nil {
		return ReturnHistory{}, err
	}
	err = q.Rows(ctx, returnStepsSQL, projections.Params{"return_id": string(id)}, func(rows driver.Rows) error {
		var s ReturnStep
		err := rows.Scan(
			&s.Position, &s.RecordedAt, &s.Actor, &s.Role, &s.Step, projections.DateTo(&s.On), &s.By,
			projections.TextTo(&s.Gate), projections.TextTo(&s.GoesTo), projections.TextTo(&s.Bearer),
			projections.AmountTo(&s.Amount), &s.Counterparty, &s.Document, projections.TextTo(&s.Paper), &s.Waybill,
			projections.DateTo(&s.ExpectedBackOn), projections.TextTo(&s.Result),
			&s.NewSerial, &s.Note,
		)
		s.RecordedAt = projections.InShanghai(s.RecordedAt)
		answer.Steps = append(answer.Steps, s)
		return err
	})
	return answer, err
}
