package forms

import (
	"fmt"

	"aftersales-ledger/domain/calendar"
)

// Edition is which version of a monthly form a paper shows, and the one that was filed after it.
type Edition struct {
	Version int           // from 1; zero: of no one version
	Next    int           // zero: it is the newest
	NextOn  calendar.Date // the day on which the next was filed
}

// fields is the line of a paper's head that says its version. An F4 takes the place of the one
// before, an F1 or F3 lists what that had not: then is which of them it is.
func (e Edition) fields(then string) []Field {
	if e.Version == 0 {
		return nil
	}
	said := fmt.Sprintf("第 %d 版", e.Version)
	if e.Next != 0 {
		said += fmt.Sprintf("，"+then, e.NextOn, e.Next)
	}
	return []Field{{"版本", said}}
}

const (
	supersededBy = "%s 由第 %d 版取代"
	continuedBy  = "%s 另有第 %d 版补报"
)
