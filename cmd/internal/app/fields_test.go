package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// guard is a group of fields that some roles do not see, wherever an answer has them.
type guard struct {
	what    string
	roles   []domain.Role
	fields  *regexp.Regexp    // what such a field is called
	another map[string]string // is called so and says something else, by operation and path
}

// guards are the table of guarded fields: what parts and repairs cost us is nothing for
// a property center, and what a center owes is nothing for who has not to do with it
// (§4).
var guards = []guard{
	{
		"what it costs us", []domain.Role{domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead},
		regexp.MustCompile(`(?i)cost$|^value$|estimate|supplier|maker`), map[string]string{
			"service-table rows.cost":           "who bears it",
			"service-of contract.value":         "of a term of their contract",
			"list-projects rows.contract.value": "of a term of their contract",
		},
	},
	{
		"what a center owes", []domain.Role{
			domain.PurchasingAdmin, domain.CityTechLead, domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner,
		},
		regexp.MustCompile(`^(open|paid|credited|transferred|writtenOff|unapplied|balance|owed|late|dueOn|due|closing|overdue|ageing|ties)$`),
		map[string]string{
			"list-charges rows.late": "posted to a later quarter than its own", "list-charges rows.dueOn": "of its terms",
			"roll-forward totals.closing": "of stock", "list-escalations rows.open": "not closed", "filings dueOn": "of a report", "filings rows.dueOn": "of a report",
			"filings rows.late": "of a report", "filings totals.late": "of reports", "filings totals.owed": "of reports",
			"filing versions.dueOn": "of a report", "filing versions.late": "of a report",
			"list-findings rows.dueOn": "of the work on a finding", "finding-history finding.dueOn": "as above",
			"finding finding.dueOn": "as above", "handovers rows.dueOn": "of an item", "list-repairs total.overdue": "at the maker",
			"list-repairs regions.overdue": "at the maker", "list-tickets totals.open": "not closed", "visits rows.due": "of visits",
			"visits totals.due": "of visits", "list-payables paid": "to suppliers", "list-findings tieOut.ties": "of parts",
			"roll-forward rows.ties": "of stock", "roll-forward totals.ties": "of stock", "stock ties": "of stock",
		},
	},
}

// A field that a role does not see is null or absent in every answer that the role may
// ask for, and never a zero; a field that is called like one and says something else is
// named with what it says.
func TestWhatARoleDoesNotSeeIsNeverAFigure(t *testing.T) {
	m := newMatrix(t)
	met := map[string]bool{}
	for _, g := range guards {
		named := map[string]bool{}
		for _, op := range m.ops {
			action := m.actions[op.Action]
			if op.method != http.MethodGet || action == nil {
				continue
			}
			var guarded []string
			m.leaves(op.Responses["200"].Content["application/json"].Schema, "", nil, func(path string) {
				name := path[strings.LastIndex(path, ".")+1:]
				switch at := op.ID + " " + path; {
				case !g.fields.MatchString(name):
				case g.another[at] != "":
					named[at] = true
				default:
					guarded = append(guarded, path)
				}
			})
			for _, role := range g.roles {
				if !slices.Contains(action.Roles, role) || action.Reach == kit.OfCompany || len(guarded) == 0 {
					continue
				}
				path, _, _ := m.request(op, east, false)
				a := m.do(m.as(role, part(role, east)), http.MethodGet, path, "", "")
				var body any
				if err := json.Unmarshal([]byte(a.text), &body); err != nil || a.status != http.StatusOK {
					t.Errorf("%s as %s answered %d %.300s", op.ID, role, a.status, a.text)
				}
				figures(body, "", func(path string) {
					if slices.Contains(guarded, path) {
						t.Errorf("%s shows %s to %s: %s", op.ID, path, role, g.what)
					}
				})
				met[op.ID] = true
			}
		}
		for at := range g.another {
			if !named[at] {
				t.Errorf("%s is in no answer", at)
			}
		}
	}
	for _, id := range []string{"list-tickets", "ticket-history", "list-charges"} {
		if !met[id] {
			t.Errorf("%s was not asked", id)
		}
	}
}

// What ties in the books ties for whoever sees a part of them: a proof that does not hold
// for want of what they may not see would be taken for an error of the books.
func TestNobodyIsToldThatWhatTheySeeDoesNotTie(t *testing.T) {
	m := newMatrix(t)
	var met []string
	for _, op := range m.ops {
		action := m.actions[op.Action]
		if op.method != http.MethodGet || action == nil {
			continue
		}
		proves := false
		m.leaves(op.Responses["200"].Content["application/json"].Schema, "", nil, func(path string) {
			proves = proves || path == "ties" || strings.HasSuffix(path, ".ties")
		})
		if !proves {
			continue
		}
		for _, role := range action.Roles {
			if access.KindOf(role) == access.OfCompany && role != domain.PurchasingAdmin {
				continue // sees all of it
			}
			path, _, _ := m.request(op, east, false)
			a := m.do(m.as(role, part(role, east)), http.MethodGet, path, "", "")
			if a.status != http.StatusOK {
				continue // a payment or a charge that there is not
			}
			met = append(met, op.ID)
			if strings.Contains(a.text, `"ties":false`) {
				t.Errorf("%s tells %s that it does not tie: %.300s", op.ID, role, a.text)
			}
		}
	}
	for _, id := range []string{"list-charges", "stock", "roll-forward", "receivables", "charge-report-bridge"} {
		if !slices.Contains(met, id) {
			t.Errorf("%s was not asked", id)
		}
	}
}

// Sums are of all pages: one whose own rows are all shown would else tell what another
// hides. The city lead sees both charges of a project that moved, and of the center that
// had it before not what it owes.
func TestSumsHideWhatTheRowsOfAnyPageHide(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.RegionalAdmin, "/v1/projects/P001/center", `{"center":"C03","from":"2026-09-03"}`)
	charged := m.do(m.as(domain.Technician, access.Everything()), http.MethodPost, "/v1/centers/C03/charges",
		"application/json", `{"charge":"F-NEW","project":"P001","item":"R","quantity":"7","occurredOn":"2026-09-04"}`)
	var at struct{ Position uint64 }
	if err := json.Unmarshal([]byte(charged.text), &at); err != nil || charged.status != http.StatusCreated {
		t.Fatal(charged.status, charged.text)
	}
	after := fmt.Sprintf("&after=%d", at.Position)
	lead := m.as(domain.CityLead, access.Reach{Cities: []string{"杭州"}})
	type sums struct {
		Rows  []struct{ Charge, Open *string }
		Count int
		Open  *string
		Paid  *string
		Ties  *bool
	}
	shown := map[string]bool{}
	for _, sort := range []string{"gross", "-gross"} {
		var page sums
		m.json(lead, "/v1/charges?project=P001&limit=1&sort="+sort+after, &page)
		if len(page.Rows) != 1 || page.Count != 2 {
			t.Fatalf("%+v", page)
		}
		shown[*page.Rows[0].Charge] = page.Rows[0].Open != nil
		if page.Open != nil || page.Paid != nil || page.Ties != nil {
			t.Errorf("beside charge %s stand sums with the hidden one: %+v", *page.Rows[0].Charge, page)
		}
	}
	if !shown["F-NEW"] || shown["F-P001"] || len(shown) != 2 {
		t.Errorf("what is open is shown of %v", shown)
	}
	var own sums
	if m.json(lead, "/v1/charges?project=P001&center=C03"+after, &own); own.Open == nil || own.Ties == nil || !*own.Ties {
		t.Errorf("the sums of what is all seen: %+v", own)
	}
	var none sums
	technician := m.as(domain.Technician, access.Reach{Projects: []domain.ProjectID{"P001"}})
	if m.json(technician, "/v1/charges?kind=TRAVEL", &none); none.Count != 0 || none.Open != nil || none.Ties != nil {
		t.Errorf("the sums of nothing, for who sees none: %+v", none)
	}
}

// leaves names the fields of a schema by their paths, without where lists are.
func (m *matrix) leaves(of shape, path string, within []string, leaf func(path string)) {
	if of.Ref != "" {
		if slices.Contains(within, of.Ref) {
			return
		}
		m.leaves(m.schemas[strings.TrimPrefix(of.Ref, "#/components/schemas/")], path, append(within, of.Ref), leaf)
		return
	}
	if of.Items != nil {
		m.leaves(*of.Items, path, within, leaf)
	}
	for name, field := range of.Properties {
		at := strings.TrimPrefix(path+"."+name, ".")
		leaf(at)
		m.leaves(field, at, within, leaf)
	}
}

// figures names the fields of an answer that hold something.
func figures(of any, path string, held func(path string)) {
	switch of := of.(type) {
	case nil:
	case []any:
		for _, one := range of {
			figures(one, path, held)
		}
	case map[string]any:
		for name, field := range of {
			figures(field, strings.TrimPrefix(path+"."+name, "."), held)
		}
	default:
		held(path)
	}
}
