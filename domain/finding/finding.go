// Package finding keeps what people decided about the findings of the parts
// audit (配件核对): who is to look into one, and how it was closed. What was found
// is computed from the documents and stands nowhere in the log.
package finding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
)

// Key is the stable name of a finding: its class and the document, or pair of
// documents, that it is about, such as ISSUE_NO_FAULT:P001/OUT-16.
type Key string

// Stream names the stream of one finding.
func Stream(k Key) string { return "finding-" + string(k) }

// Class is the class that the key begins with.
func (k Key) Class() Class {
	class, _, _ := strings.Cut(string(k), ":")
	return Class(class)
}

// OldUnit ends the key of a finding about the serial of the old unit of a line,
// apart from one about the new.
const OldUnit = ":old"

// Unheld ends the key of a finding about the serial of the new unit of a line that
// no depot ever had, apart from one that another unit was issued for the line.
const Unheld = ":unheld"

// These end the key of a finding about units that a receipt names as sent to
// their maker, or a scrap slip as scrapped there: issue slips may have the same
// number.
const (
	FromMaker = ":back"
	AtMaker   = ":scrapped"
)

// These end the key of a finding about the serials of good units that a transfer or a
// scrap slip takes out of stock: issue slips may have the same number.
const (
	Transferred  = ":transferred"
	ScrappedGood = ":scrapped-good"
)

// Result ends the key of a finding about the result on a process sheet that a
// depot's paper contradicts; the key names the sheet.
const Result = ":result"

// ScrappedTwice ends the key of a finding about a faulty unit that was scrapped more than
// once: of a line of F1, or by a scrap slip after another.
const ScrappedTwice = ":scrapped-twice"

// Document is what the key names after its class: the number of an F1 line or a
// process sheet, or a depot's project and the number of its document.
func (k Key) Document() string {
	_, document, _ := strings.Cut(string(k), ":")
	for _, ending := range []string{
		OldUnit, Unheld, FromMaker, AtMaker, Transferred, ScrappedGood, ScrappedTwice, Result,
	} {
		document = strings.TrimSuffix(document, ending)
	}
	return document
}

// AboutResult reports whether the key names a process sheet whose result a depot's
// paper contradicts.
func (k Key) AboutResult() bool { return strings.HasSuffix(string(k), Result) }

// AboutLine reports whether the key names a line of F1.
func (k Key) AboutLine() bool {
	switch k.Class() {
	case FaultNoIssue, OverIssue, ShortIssue, DuplicateIssue, NoFaultyReturn, CoverageConflict:
		return true
	case SerialMismatch, Cutoff, ItemMismatch:
		return !strings.Contains(k.Document(), "/") && !k.AboutResult()
	case IssueNoFault, WrongProject, AtVendorOverdue, CountShort, CountOver, CostVariance:
	}
	return false
}

// Class is a kind of finding, by the procedure's name.
type Class string

// The classes of findings.
const (
	IssueNoFault   Class = "ISSUE_NO_FAULT"  // 有出库无故障: issued, no fault record
	FaultNoIssue   Class = "FAULT_NO_ISSUE"  // 有更换无出库: replaced, nothing issued
	OverIssue      Class = "OVER_ISSUE"      // 超领: more issued than replaced, on one slip
	ShortIssue     Class = "SHORT_ISSUE"     // 少领: less issued than replaced
	DuplicateIssue Class = "DUPLICATE_ISSUE" // 重复领用: the same line issued again, beyond what was replaced
	// 型号不符: another part than the fault record's, or one that the catalogue does not have
	ItemMismatch Class = "ITEM_MISMATCH"
	// 序列号不符: another serial than the fault record's, one that left a stock where it was not, one back that was never
	// sent, or one of which a process sheet and a depot's paper say two things
	SerialMismatch   Class = "SERIAL_MISMATCH"
	WrongProject     Class = "WRONG_PROJECT"     // 跨项目领用: the other side is in another project
	Cutoff           Class = "CUTOFF"            // 跨期: the other side is in a later period; clears itself
	NoFaultyReturn   Class = "NO_FAULTY_RETURN"  // 旧件未回: the old unit was not handed in
	AtVendorOverdue  Class = "AT_VENDOR_OVERDUE" // 返修超期: not back from the maker
	CountShort       Class = "COUNT_SHORT"       // 盘亏: counted less than the book
	CountOver        Class = "COUNT_OVER"        // 盘盈: counted more than the book
	CoverageConflict Class = "COVERAGE_CONFLICT" // 保修与收费不符: charged under warranty, or not charged outside it
	CostVariance     Class = "COST_VARIANCE"     // 成本差异: the unit cost differs from the catalogue's
)

// Classes lists the classes in the order of reports.
func Classes() []Class {
	return []Class{
		IssueNoFault, FaultNoIssue, OverIssue, ShortIssue, DuplicateIssue, ItemMismatch, SerialMismatch, WrongProject, Cutoff,
		NoFaultyReturn, AtVendorOverdue, CountShort, CountOver, CoverageConflict, CostVariance,
	}
}

// Owner returns the role that looks into findings of the class until somebody
// is named.
func (c Class) Owner() domain.Role {
	switch c {
	case FaultNoIssue, NoFaultyReturn, SerialMismatch:
		return domain.Technician
	case CountShort, CountOver:
		return domain.ProjectLeader
	case AtVendorOverdue:
		return domain.RegionalAdmin
	case CoverageConflict:
		return domain.CityLead
	case CostVariance:
		return domain.PurchasingAdmin
	case IssueNoFault, OverIssue, ShortIssue, DuplicateIssue, ItemMismatch, WrongProject, Cutoff:
	}
	return domain.CityTechLead
}

// Status is where a finding stands.
type Status string

const (
	Open      Status = "OPEN"      // 未结
	Explained Status = "EXPLAINED" // 已说明: nothing is amiss
	Adjusted  Status = "ADJUSTED"  // 已调整: the books or documents were set right
	Accepted  Status = "ACCEPTED"  // 已接受: the loss is borne
	// Cleared (已消除): the missing document arrived. It is never decided.
	Cleared Status = "CLEARED"
)

// Event is a fact about one finding.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	findingEvent()
}

// FindingAssigned makes a person look into a finding.
type FindingAssigned struct {
	Finding Key           `json:"finding"`
	Owner   string        `json:"owner"`
	Note    string        `json:"note,omitempty"`
	On      calendar.Date `json:"on"`
	By      string        `json:"by"`
}

// FindingClosed ends a finding as it stood: with another quantity or value it is
// open again.
type FindingClosed struct {
	Finding  Key              `json:"finding"`
	Class    Class            `json:"class"`
	Project  domain.ProjectID `json:"project"`
	Part     domain.PartCode  `json:"part,omitempty"`
	Quantity decimal.Decimal  `json:"quantity"` // in question when it was closed
	Value    money.Amount     `json:"value"`    // in question when it was closed, yuan
	Status   Status           `json:"status"`   // EXPLAINED, ADJUSTED or ACCEPTED
	Reason   string           `json:"reason"`
	Evidence []string         `json:"evidence,omitempty"` // numbers of documents, or digests of attachments
	On       calendar.Date    `json:"on"`
	By       string           `json:"by"`
}

// FindingReopened takes a closing back.
type FindingReopened struct {
	Finding Key           `json:"finding"`
	Reason  string        `json:"reason"`
	On      calendar.Date `json:"on"`
	By      string        `json:"by"`
}

func (FindingAssigned) EventType() string { return "FindingAssigned" }
func (FindingClosed) EventType() string   { return "FindingClosed" }
func (FindingReopened) EventType() string { return "FindingReopened" }

func (FindingAssigned) RestsOn() domain.Ground { return domain.Clause("Parts") }
func (FindingClosed) RestsOn() domain.Ground   { return domain.Clause("Parts") }
func (FindingReopened) RestsOn() domain.Ground { return domain.Clause("Parts") }

func (FindingAssigned) findingEvent() {}
func (FindingClosed) findingEvent()   {}
func (FindingReopened) findingEvent() {}

// Finding is the state of one finding.
type Finding struct {
	owner  string
	closed *FindingClosed // nil while open
}

// Evolve folds an event into the finding.
func (f *Finding) Evolve(e Event) {
	switch e := e.(type) {
	case FindingAssigned:
		f.owner = e.Owner
	case FindingClosed:
		f.closed = &e
	case FindingReopened:
		f.closed = nil
	}
}

// Assign is the command that names who looks into a finding.
type Assign struct {
	Finding Key    `json:"finding,omitzero"`
	Owner   string `json:"owner,omitzero"`
	Note    string `json:"note,omitzero"`
	By      string `json:"by,omitzero"`
}

// Assign names who looks into a finding; the same again decides nothing.
func (f *Finding) Assign(c Assign, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckText("owner", c.Owner, true),
		domain.CheckText("note", c.Note, false),
	); err != nil {
		return nil, err
	}
	if f.owner == c.Owner && c.Note == "" {
		return nil, nil
	}
	return []Event{FindingAssigned{Finding: c.Finding, Owner: c.Owner, Note: c.Note, On: today, By: c.By}}, nil
}

// Close is the command that ends a finding as it was seen.
type Close struct {
	Finding  Key              `json:"finding,omitzero"`
	Class    Class            `json:"class,omitzero"`
	Project  domain.ProjectID `json:"project,omitzero"`
	Part     domain.PartCode  `json:"part,omitzero"`
	Quantity decimal.Decimal  `json:"quantity,omitzero"`
	Value    money.Amount     `json:"value,omitzero"`
	Status   Status           `json:"status,omitzero"`
	Reason   string           `json:"reason,omitzero"`
	Evidence []string         `json:"evidence,omitzero"`
	// Causers made the documents in question; they do not close the finding
	// themselves.
	Causers []string `json:"causers,omitzero"`
	By      string   `json:"by,omitzero"`
}

// maxEvidence bounds the references of one closing.
const maxEvidence = 50

// closings are how a person may close a finding.
var closings = []Status{Explained, Adjusted, Accepted}

// Close ends a finding with a reason. One that was closed over other figures is
// closed anew; over the same, it must be reopened first.
func (f *Finding) Close(c Close, today calendar.Date) ([]Event, error) {
	if err := domain.CheckText("reason", c.Reason, true); err != nil {
		return nil, err
	}
	if !slices.Contains(closings, c.Status) {
		return nil, domain.Invalid("status", string(c.Status), "unknown-status", "must be one of %v", "5.1.3",
			closings)
	}
	if n := len(c.Evidence); n > maxEvidence {
		return nil, domain.Invalid("evidence", "", "too-much-evidence", "has %d references; must be at most %d", "5.1.3",
			n, maxEvidence)
	}
	for i, e := range c.Evidence {
		if err := domain.CheckText(fmt.Sprintf("evidence[%d]", i), e, true); err != nil {
			return nil, err
		}
	}
	if err := duties.Apart(duties.Decision{
		Matter: duties.Matter{
			Kind: duties.Finding, Document: string(c.Finding), Decision: string(c.Status), Project: c.Project,
		},
		Field: "finding", Clause: "4", By: c.By, On: today,
	}, duties.By(c.Causers...).Did("is about a document of %s, who must not decide on it")); err != nil {
		return nil, err
	}
	if was := f.closed; was != nil && was.Quantity.Equal(c.Quantity) && was.Value == c.Value {
		return nil, domain.Conflict("finding", string(c.Finding), "closed-already",
			"was closed as %s by %s on %s; reopen it to decide otherwise", "5.1.3", was.Status, was.By, was.On)
	}
	return []Event{FindingClosed{
		Finding: c.Finding, Class: c.Class, Project: c.Project, Part: c.Part, Quantity: c.Quantity, Value: c.Value,
		Status: c.Status,
		Reason: c.Reason, Evidence: c.Evidence, On: today, By: c.By,
	}}, nil
}

// Reopen is the command that takes a closing back.
type Reopen struct {
	Finding Key    `json:"finding,omitzero"`
	Reason  string `json:"reason,omitzero"`
	By      string `json:"by,omitzero"`
}

// Reopen takes a closing back, with its reason.
func (f *Finding) Reopen(c Reopen, today calendar.Date) ([]Event, error) {
	if err := domain.CheckText("reason", c.Reason, true); err != nil {
		return nil, err
	}
	if f.closed == nil {
		return nil, domain.Conflict("finding", string(c.Finding), "not-closed",
			"is not closed, so there is nothing to reopen", "5.1.3")
	}
	return []Event{FindingReopened{Finding: c.Finding, Reason: c.Reason, On: today, By: c.By}}, nil
}
