package duties_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/duties"
)

// Whoever has a part in something decides nothing about it, however their login is
// written; everybody else may, and a part of nobody keeps nobody out.
func TestNobodyDecidesOnWhatTheyHaveAPartIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		login := rapid.SampledFrom([]string{"", "li", "sun", "zhao", "qian"})
		had := rapid.SliceOfN(login, 0, 4).Draw(t, "had a part")
		by := rapid.SampledFrom([]string{"li", "sun", "zhao", "qian"}).Draw(t, "decides")
		decision := duties.Decision{
			Matter: duties.Matter{Kind: duties.Money, Document: "HX-1"}, Field: "writeOff", Clause: "Money", By: by,
		}
		if rapid.Bool().Draw(t, "in capitals") {
			decision.By = strings.ToUpper(by)
		}
		var parts []duties.Involvement
		hasPart := false
		for _, name := range had {
			parts, hasPart = append(parts, duties.Submitted(name)), hasPart || name == by
		}
		err := duties.Apart(decision, parts...)
		var refusal *domain.Rejection
		if errors.As(err, &refusal) != hasPart || (err != nil) != hasPart {
			t.Fatalf("%s decides on what %q submitted: %v", decision.By, had, err)
		}
		if !hasPart {
			return
		}
		fact, ok := refusal.Fact.(duties.OwnDecisionRefused)
		if !ok || fact.By != decision.By || fact.SubmittedBy != by || fact.Document != "HX-1" ||
			fact.Rule != duties.OwnSubmission {
			t.Errorf("it is recorded as %+v", refusal.Fact)
		}
	})
}
