// Package policy holds the rules of the procedure that a department may set:
// the service table of §5.4 and the decisions marked [D], each as data with the
// procedure's own value as default.
package policy

import (
	"time"

	"aftersales-ledger/domain/calendar"
)

// Policy is one department's set of rules. Default returns the procedure's.
type Policy struct {
	DueH1   MonthDay // when the charges of the first half-year fall due, in the same year (§5.3.4)
	DueH2   MonthDay // when those of the second fall due, in the next year (§5.3.4)
	Service Table    // §5.4's, where the department has published none of its own
	// DuplicateWindowDays: two receipts of one center with equal amount, payer
	// and remark within so many days look like the same money.
	DuplicateWindowDays int
	ReplyWithinDays     int // how long a center has to answer a statement [D]
	Parts               PartRules
	Filing              Filing
	Notices             NoticeRules
	// RepairWithinDays is when a device is expected back from its maker where
	// the team does not say [D].
	RepairWithinDays int
}

// MonthDay is a day of any year.
type MonthDay struct {
	Month time.Month
	Day   int
}

// Default returns the rules as the procedure states them.
func Default() Policy {
	return Policy{
		DueH1:               MonthDay{time.July, 31},
		DueH2:               MonthDay{time.January, 31},
		Service:             DefaultTable(),
		DuplicateWindowDays: 92,
		ReplyWithinDays:     15,
		Parts: PartRules{
			OldUnitWithinDays: 7, ChargeWithinDays: 31, CostVariancePercent: 10, UsedUpUnits: []string{"米"},
		},
		Filing:           DefaultFiling(),
		Notices:          defaultNoticeRules(),
		RepairWithinDays: 30,
	}
}

// PartRules are the decisions [D] by which the parts audit tells late from on
// time, and different from alike.
type PartRules struct {
	// from the replacement until the old unit is handed in, on its way to the maker, or scrapped
	OldUnitWithinDays   int
	ChargeWithinDays    int      // from a replacement that the center bears until it is charged
	CostVariancePercent int      // by which the cost of an issued unit may differ from the catalogue's
	UsedUpUnits         []string // units of the catalogue in which parts are used up: nothing old comes back of them
}

// DueOn returns the date on which charges posted to a quarter fall due: they
// are reconciled quarterly and collected half-yearly (§5.3.4).
func (p Policy) DueOn(posted calendar.Quarter) calendar.Date {
	if posted.FirstHalf() {
		return calendar.NewDate(posted.Year(), p.DueH1.Month, p.DueH1.Day)
	}
	return calendar.NewDate(posted.Year()+1, p.DueH2.Month, p.DueH2.Day)
}

// Presence says where the team that serves a project is (§5.4).
type Presence string

const (
	OnProject     Presence = "ON_PROJECT"     // 驻场: on the project
	ElsewhereCity Presence = "ELSEWHERE_CITY" // left; another team in the city
	LeftCity      Presence = "LEFT_CITY"      // the department left the city
)

// Category of a need. Emergency: the owner's normal life, or the center's
// normal management or safety, is affected (§5.4).
type Category string

const (
	Emergency Category = "EMERGENCY"
	Ordinary  Category = "ORDINARY"
)

// Bearer says who bears the cost of a repair or replacement.
type Bearer string

const (
	Us     Bearer = "DEPARTMENT"
	Center Bearer = "CENTER"
)

// Cause of a fault. Human damage and force majeure are outside warranty
// everywhere (§5.4).
type Cause string

const (
	Wear        Cause = "WEAR"         // 自然损坏
	HumanDamage Cause = "HUMAN_DAMAGE" // 人为损坏
	Lightning   Cause = "LIGHTNING"    // 雷击
	Typhoon     Cause = "TYPHOON"      // 台风
	OtherForce  Cause = "FORCE_MAJEURE"
	Unknown     Cause = "UNKNOWN"
)

// Causes lists the causes.
func Causes() []Cause { return []Cause{Wear, HumanDamage, Lightning, Typhoon, OtherForce, Unknown} }

// Excluded reports whether the cause is outside warranty everywhere.
func (c Cause) Excluded() bool { return c != Wear && c != Unknown && c != "" }
