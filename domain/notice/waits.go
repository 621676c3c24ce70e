package notice

import (
	"slices"

	"aftersales-ledger/domain"
)

// For returns what an event tells the holders of a role, addressed to them: what
// is theirs to do; or, with copies, also what they are copied.
func For(e domain.Event, role domain.Role, copies bool) (kinds []Kind) {
	for _, r := range byEvent[e.EventType()] {
		if _, applies := r.about(e); !applies {
			continue
		}
		told := slices.Concat(r.To, r.next(e))
		if copies {
			told = append(told, r.Cc...)
		}
		if slices.ContainsFunc(told, func(to Recipient) bool { return to.Role == role }) {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}
