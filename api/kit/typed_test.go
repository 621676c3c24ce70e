package kit

import (
	"errors"
	"testing"

	"aftersales-ledger/domain"
)

// Whoever typed -5 is told of -5, wherever in a request it stood.
func TestARefusalQuotesAFigureAsItWasTyped(t *testing.T) {
	type line struct {
		Amount string `json:"amount"`
	}
	type input struct {
		Center string `path:"center"`
		Over   string `query:"over"`
		Body   struct {
			Amount   string   `json:"amount"`
			Quantity string   `json:"quantity,omitempty"`
			At       string   `json:"at"`
			Lines    []line   `json:"lines"`
			Within   *line    `json:"within"`
			Papers   []string `json:"papers"`
			Count    int      `json:"count"`
		}
	}
	in := input{Center: "C01", Over: "1e2"}
	in.Body.Amount, in.Body.Quantity, in.Body.At = "-5", "02.50", "2025-12-31T20:00:00Z"
	in.Body.Lines, in.Body.Within, in.Body.Count = []line{{"1"}, {"+7.1"}}, &line{"0"}, 3
	for field, tt := range map[string]struct{ told, want string }{
		"amount":          {"-5.00", "-5"},
		"quantity":        {"2.5", "02.50"},
		"at":              {"2026-01-01", "2025-12-31T20:00:00Z"},
		"lines[1].amount": {"7.10", "+7.1"},
		"within.amount":   {"0.00", "0"},
		"over":            {"100.00", "1e2"},
		// What the refusal says is of another value than was sent stays as it is said.
		"center":          {"C02", "C02"},
		"lines[9].amount": {"7.10", "7.10"},
		"lines[0].amount": {"2.00", "2.00"},
		"count":           {"3.00", "3.00"},
		"elsewhere":       {"5.00", "5.00"},
		"":                {"5.00", "5.00"},
	} {
		r := AsTyped(&in, domain.Invalid(field, tt.told, "x", "must be given", ""))
		if r.Value != tt.want {
			t.Errorf("%s %s is quoted as %s, want %s", field, tt.told, r.Value, tt.want)
		}
	}
	if err := errors.New("no refusal"); asTyped(&in, err) != err {
		t.Error("another error does not stay as it is")
	}
}
