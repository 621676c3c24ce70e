package imports

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// faultRows turns the rows of F1 into fault lines, and into tickets where a
// department keeps its F1 without.
type faultRows struct {
	ledger      *ledger.Ledger
	names       *names
	mayRegister []domain.Role
	numbers     numbering
	faults      []ledger.FiledFault
}

// Faults is a fault record F1 (§5.1.3). mayRegister are the roles whose rows
// without a ticket make one.
func Faults(l *ledger.Ledger, directory Directory, mayRegister []domain.Role) Kind {
	return &faultRows{ledger: l, names: namesOf(l, directory), mayRegister: mayRegister}
}

func (*faultRows) Name() string         { return "fault-records" }
func (*faultRows) layout() sheet.Layout { return sheet.Faults }

func (l *faultRows) parse(ctx context.Context, actor domain.Actor, row *listRow) error {
	c := cells{row}
	c.document("line")
	f := ledger.FiledFault{Line: ticket.RecordFault{
		Line: domain.FaultLineID(row.document), Ticket: domain.TicketID(c.id("ticket")), Device: c.required("device"),
		Serial:   c.text("serial"),
		Location: c.text("location"), Symptom: c.required("symptom"), Cause: c.cause(), Replacement: c.replacement(),
	}}
	solved, err := row.Value("solvedOnSite").YesNo()
	c.fail("solvedOnSite", err)
	f.Line.SolvedOnSite = solved
	at, timed := c.notifiedAt()
	worked, dated := optional(c, "recordedOn", sheet.Value.Date)
	if !dated && row.Value("recordedOn").Blank() {
		if worked, dated = optional(c, "notifiedAt", sheet.Value.Date); !dated {
			c.fail("recordedOn",
				domain.Invalid("recordedOn", "", "date-required", "must be given, unless the time of the notification is", "5.1.3"))
		}
	}
	f.Line.RecordedOn, row.day = worked, worked
	project := domain.ProjectID("")
	if text := c.text("project"); text != "" {
		project, err = l.names.project(ctx, text)
		if err := row.settle(false, ofField("project", err), ""); err != nil {
			return err
		}
	}
	f.Category = c.category()
	if f.Line.Ticket == "" {
		f.Register = &ticket.Register{
			Project: project, Room: c.text("room"), Owner: c.text("owner"), Phone: c.text("phone"), Device: f.Line.Device,
			Need: f.Line.Symptom, RegisteredAt: at,
		}
		if at.IsZero() {
			f.Register.RegisteredAt = worked.Start()
		}
		c.checkOwnTicket(actor, l.mayRegister, f, timed)
	}
	l.faults = append(l.faults, f)
	if len(row.faults) > 0 {
		return nil
	}
	if f.Line.Line == "" {
		f.Line.Line = domain.FaultLineID(l.numbers.of("F1", f.Line.Ticket, project, f.Line.Device, f.Line.Serial,
			f.Line.Location, f.Line.RecordedOn, f.Line.Symptom))
	}
	if f.Register != nil {
		f.Line.Ticket = domain.TicketID("T-" + Fingerprint("ticket", project, f.Line.Line)[:16])
		f.Register.Ticket = f.Line.Ticket
	}
	l.faults[len(l.faults)-1] = f
	row.document, row.field, row.group = string(f.Line.Line), "line", string(f.Line.Ticket)
	row.says = domain.Say("ticket %s, %s: %s, %s", f.Line.Ticket, f.Line.RecordedOn, f.Line.Device, f.Line.Symptom)
	row.key = "import-fault-" + Fingerprint(f)[:32]
	return nil
}

// checkOwnTicket checks a row that makes its own ticket.
func (c cells) checkOwnTicket(actor domain.Actor, mayRegister []domain.Role, f ledger.FiledFault, timed bool) {
	if !slices.Contains(mayRegister, actor.Role) {
		c.fail("ticket", domain.Forbidden("ticket", "", "role-not-allowed",
			"must be given: %s acts as %s, who may not register a ticket for the row", "5.1.2", actor.Name, actor.Role))
	}
	c.required("project")
	if f.Category == policy.Emergency && !timed {
		c.fail("notifiedAt", domain.Invalid("notifiedAt", c.row.Value("notifiedAt").Shown(), "time-required",
			"must have a time of day: the clock of an emergency runs from it", "5.4"))
	}
}

func (c cells) notifiedAt() (at time.Time, timed bool) {
	v := c.row.Value("notifiedAt")
	if v.Blank() {
		return at, false
	}
	at, timed, err := v.Instant()
	c.fail("notifiedAt", err)
	return at, timed
}

// causeWords are what F1 says in the column of causes.
var causeWords = map[string]policy.Cause{
	"": policy.Unknown, "不明": policy.Unknown, "未知": policy.Unknown, "不详": policy.Unknown, "待查": policy.Unknown, "原因不明": policy.Unknown,
	"自然损坏": policy.Wear, "自然老化": policy.Wear, "老化": policy.Wear, "磨损": policy.Wear, "正常损坏": policy.Wear, "设备老化": policy.Wear,
	"人为": policy.HumanDamage, "人为损坏": policy.HumanDamage, "人为破坏": policy.HumanDamage,
	"雷击": policy.Lightning, "雷电": policy.Lightning, "台风": policy.Typhoon, "不可抗力": policy.OtherForce,
}

func (c cells) cause() policy.Cause {
	text := c.text("cause")
	if cause, ok := causeWords[text]; ok {
		return cause
	}
	cause := policy.Cause(strings.ToUpper(text))
	if !slices.Contains(policy.Causes(), cause) {
		c.fail("cause", domain.Invalid("cause", domain.Clip(text), "unknown-cause",
			"must be 自然损坏, 人为损坏, 雷击, 台风, 不可抗力 or 不明 (%v); describe the fault in the column of symptoms", "5.4", policy.Causes()))
	}
	return cause
}

// categoryWords are what a list says of the urgency of a need.
var categoryWords = map[string]policy.Category{
	"": policy.Ordinary, "一般": policy.Ordinary, "普通": policy.Ordinary, "否": policy.Ordinary, "ORDINARY": policy.Ordinary,
	"紧急": policy.Emergency, "应急": policy.Emergency, "是": policy.Emergency, "EMERGENCY": policy.Emergency,
}

func (c cells) category() policy.Category {
	text := c.text("category")
	category, ok := categoryWords[strings.ToUpper(text)]
	if !ok {
		c.fail("category",
			domain.Invalid("category", domain.Clip(text), "unknown-category", "must be 紧急 or 一般 (EMERGENCY, ORDINARY)", "5.4"))
	}
	return category
}

// replacement reads the part that a row replaced, if any.
func (c cells) replacement() *ticket.Replacement {
	part := c.id("replacement.part")
	r := ticket.Replacement{
		Part: domain.PartCode(part), OldSerial: c.text("replacement.oldSerial"), NewSerial: c.text("replacement.newSerial"),
	}
	if part != "" {
		r.Quantity = canonicalDecimal(c.quantity("replacement.quantity", c.row.Has("replacement.quantity")))
		return &r
	}
	quantity, _ := optional(c, "replacement.quantity", sheet.Value.Quantity)
	if quantity.IsPositive() || r.NewSerial != "" {
		c.fail("replacement.part",
			domain.Invalid("replacement.part", "", "part-required", "must be given where a quantity or a new serial number is",
				"5.1.3"))
	}
	return nil
}

func (l *faultRows) rehearse(ctx context.Context, r ledger.Request, i int) (bool, error) {
	done, err := l.ledger.RehearseFault(ctx, r, l.faults[i])
	var known *domain.Rejection
	if !errors.As(err, &known) || known.Code != "line-exists" {
		return done, err
	}
	held, found, unread := l.ledger.HeldFault(ctx, l.faults[i].Line)
	switch {
	case unread != nil:
		return false, unread
	case found && holdsFault(held, l.faults[i].Line):
		return true, nil
	}
	return false, err
}

func (l *faultRows) record(ctx context.Context, rows []requested, partly bool) ([]eventstore.Answer, error) {
	return l.ledger.FileFaults(ctx, l.faults[rows[0].row].Line.Ticket, listed(rows, l.faults), partly)
}
