package eventstore

import (
	"testing"

	"aftersales-ledger/domain"
)

type pay struct {
	Amount string `json:"amount,omitzero"`
	Note   string `json:"note,omitzero"` // joined later
}

func (pay) CommandName() string { return "Pay" }

type payBeforeItWasRenamed struct {
	Sum string `json:"amount,omitzero"`
}

func (payBeforeItWasRenamed) CommandName() string { return "Pay" }

type refund struct {
	Amount string `json:"amount,omitzero"`
}

func (refund) CommandName() string { return "Refund" }

// A repeat is recognised after the code was renamed and fields joined, and is
// not taken for another command, from another person or in another role.
func TestTheContentThatIsHashedOutlivesItsGoNames(t *testing.T) {
	hash := func(actor domain.Actor, content Named) string {
		t.Helper()
		h, err := Command{Key: "k", Actor: actor, Content: content}.hash()
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	sun := domain.Actor{Name: "sun", Role: domain.Finance}
	was := hash(sun, payBeforeItWasRenamed{"5.00"})
	if now := hash(sun, pay{Amount: "5.00"}); now != was {
		t.Errorf("hashed as %s, and before it was renamed as %s", now, was)
	}
	if was != "2bd12143fb1df3620964b04a69c92bd9acd93841356bdbd082b59a9f4b03c805" {
		t.Errorf("hashed as %s, which is in logs otherwise", was)
	}
	for name, other := range map[string]string{
		"another amount":  hash(sun, pay{Amount: "5.01"}),
		"another command": hash(sun, refund{"5.00"}),
		"another person":  hash(domain.Actor{Name: "chen", Role: domain.Finance}, pay{Amount: "5.00"}),
		"another role":    hash(domain.Actor{Name: "sun", Role: domain.RegionalAdmin}, pay{Amount: "5.00"}),
		"another center":  hash(domain.Actor{Name: "sun", Role: domain.Finance, Center: "C01"}, pay{Amount: "5.00"}),
	} {
		if other == was {
			t.Errorf("%s is taken for a repeat", name)
		}
	}
}
