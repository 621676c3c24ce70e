// Package names says the codes of the trade in Chinese: roles, states, causes,
// classes, stages, kinds and events. There is one table of them, zh.txt, for
// papers, mails, refusals and the command line; what a machine reads stays the
// code.
package names

import (
	_ "embed"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Codes of answers that no package of the domain has a type for.
type (
	TicketStatus      string // where a ticket stands
	TicketStep        string // what happened to a ticket
	CoverageValue     string // what an override of a ticket's coverage puts in place
	HandoverStatus    string // where an item of the handover stands
	RepairKind        string // what a process sheet is about
	PayableStatus     string // where a repair's payment stands
	BlankForm         string // that is printed to be filled in by hand
	FindingStep       string // what happened to a finding
	FindingDocument   string // a paper that a finding rests on
	UnitStep          string // what happened to a unit with a serial number
	MaterialStep      string // what happened to a requisition
	ImportStatus      string // what became of a list that was read
	ImportKind        string // of list
	ColumnStatus      string // how a column was read
	SheetStatus       string // why a worksheet was not read
	TotalStatus       string // how a figure that a list states of itself compares
	RowOutcome        string // what became of a row
	AcceptanceOutcome string // what became of a line of a bank's statement
	DocumentStatus    string // what a document says of a charge on it
	FoundKind         string // of thing that a search finds
	CorrectionKind    string // by what an account is corrected
	CorrectionStatus  string // where a correction stands
	ReviewStatus      string // whether a line of F1 was verified
	IssueOutcome      string // what became of a statement that was to be issued
	CollectOutcome    string // what became of a form that was to be collected
	EachOutcome       string // what became of one of several things that were sent together
	AuditStatus       string // how far an audit of the ledger is
	WebhookStatus     string // whether a webhook is told
	DoorEvent         string // what happened at the door, as its audit says
	Event             string // the name under which an event is kept
)

//go:embed zh.txt
var file string

// Table is the table itself, as it stands: for whoever says the codes elsewhere.
func Table() string { return file }

// All lists every code that has a name, by its enumeration. That is named by package
// and type, such as domain.Role: a code means one thing here and another there.
var All = sync.OnceValue(func() map[string]map[string]string {
	all := make(map[string]map[string]string)
	var codes map[string]string
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		switch value, name, ok := strings.Cut(line, " = "); {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			codes = make(map[string]string)
			all[strings.Trim(line, "[]")] = codes
		case ok:
			codes[value] = name
		}
	}
	return all
})

// Of is what a code is called: the code itself where it has no name, which a
// test of the whole source finds.
func Of[T ~string](value T) string {
	if name, ok := Find(value); ok {
		return name
	}
	return string(value)
}

// Find is Of for a value of any type; false if it is no code with a name.
func Find(value any) (string, bool) {
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.String {
		return "", false
	}
	name, ok := All()[EnumerationOf(v.Type())][v.String()]
	return name, ok
}

// Among names codes whose type is not known, such as those of a request's schema: by
// the enumeration that has all of them and the fewest others. Nil where none has.
func Among(codes []string) (named map[string]string) {
	all := All()
	for _, of := range slices.Sorted(maps.Keys(all)) {
		has := !slices.ContainsFunc(codes, func(code string) bool { return code != "" && all[of][code] == "" })
		if has && (named == nil || len(all[of]) < len(named)) {
			named = all[of]
		}
	}
	return named
}

// EnumerationOf is how the table calls a type, such as domain.Role.
func EnumerationOf(t reflect.Type) string {
	return fmt.Sprintf("%s.%s", path.Base(t.PkgPath()), t.Name())
}
