package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
)

func TestWhoActsIsSaidByRoleAndOfAndByNoFilter(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		want domain.Actor
		code string
	}{
		"finance, unless another role is named":       {nil, domain.Actor{Name: "console", Role: domain.Finance}, ""},
		"a filter by center says nothing of who acts": {[]string{"--center", "C01"}, domain.Actor{Name: "console", Role: domain.Finance}, ""},
		"a center's head, with a filter of their own": {
			[]string{"--role", "center-head", "--of", "C01", "--as", "郑主任", "--center", "C02"},
			domain.Actor{Name: "郑主任", Role: domain.CenterHead, Center: "C01"}, "",
		},
		"a center's role needs its center, and a filter is none": {[]string{"--role", "center-head", "--center", "C01"}, domain.Actor{}, "center-of-role"},
		"a role of the department has none":                      {[]string{"--of", "C01"}, domain.Actor{}, "center-of-role"},
		"an unknown role":                                        {[]string{"--role", "owner"}, domain.Actor{}, "unknown-role"},
	} {
		t.Run(name, func(t *testing.T) {
			var c cli
			parser, err := kong.New(&c, described...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.Parse(append([]string{"query", "receivables"}, tt.args...)); err != nil {
				t.Fatal(err)
			}
			got, err := c.Query.Receivables.actor()
			var r *domain.Rejection
			if errors.As(err, &r) != (tt.code != "") || r != nil && r.Code != tt.code {
				t.Fatalf("got %v, want code %q", err, tt.code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Nobody must say a role that the command alone is for.
func TestEachToolActsInTheRoleThatItIsFor(t *testing.T) {
	for args, want := range map[string]domain.Role{
		"query receivables":                                domain.Finance,
		"import charges connect.go":                        domain.Finance,
		"user import connect.go":                           domain.Administrator,
		"user import connect.go --role finance":            domain.Finance,
		"webhook list":                                     domain.Administrator,
		"webhook add https://x.example.com --role finance": domain.Finance,
		"link list C01 2025Q4":                             domain.RegionalAdmin,
		"paper-reply C01 2025Q4 connect.go --version 1 --signer x --signed-on 2026-01-14": domain.RegionalAdmin,
	} {
		var c cli
		parser, err := kong.New(&c, described...)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.Parse(strings.Fields(args))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range parsed.Flags() {
			if f.Name == "role" && f.Target.String() != string(want) {
				t.Errorf("%s acts as %s, want %s", args, f.Target, want)
			}
		}
	}
}

func TestTheCommandLineSpeaksTheLanguageOfItsReader(t *testing.T) {
	refusal := domain.Invalid("amount", "", "x", "must be given", "Money")
	for name, tt := range map[string]struct {
		flag, lang string
		want       wording.Language
	}{
		"Chinese where nobody asks":       {"", "C.UTF-8", wording.Chinese},
		"English where the machine is":    {"", "en_GB.UTF-8", wording.English},
		"the flag before the machine":     {"zh", "en_US.UTF-8", wording.Chinese},
		"the flag where nothing else is":  {"en", "", wording.English},
		"Chinese where the machine is so": {"", "zh_CN.UTF-8", wording.Chinese},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("LANG", tt.lang)
			c := cli{Lang: tt.flag}
			if got := c.explain(refusal); got != tt.want.Refusal(refusal) {
				t.Errorf("said %s", got)
			}
		})
	}
}

func TestACodeOfAChargesLifeIsSaidInTheLanguageOfItsReader(t *testing.T) {
	for _, c := range []struct{ event, status, want string }{
		{"PaymentAllocated", "OLDEST_DUE_FIRST", "最早到期优先"}, {"AllocationReversed", "BOUNCED", "退票"},
		{"AllocationReversed", "CREDITED", "红冲"}, {"StatementConfirmed", "CONFIRMED", "已确认"}, {"PaymentReceived", "", ""},
	} {
		if got := saidOfCharge(&cli{Lang: "zh"}, c.event, c.status); got != c.want {
			t.Errorf("%s %s is said as %q, want %q", c.event, c.status, got, c.want)
		}
		if got := saidOfCharge(&cli{Lang: "en"}, c.event, c.status); got != c.status {
			t.Errorf("%s %s is said as %q in English", c.event, c.status, got)
		}
	}
}
