package app_test

import (
	"net/http"
	"strings"
	"testing"

	"aftersales-ledger/api/live"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Whoever sends the idempotency key of somebody else learns nothing of what they did:
// within the same reach that it was used, outside not even that.
func TestAKeyOfSomebodyElseTellsNothing(t *testing.T) {
	m := newMatrix(t)
	const path, body = "/v1/centers/C01/charges", `{"project":"P001","item":"R","quantity":"7","occurredOn":"2026-09-02"}`
	send := func(token, key string) answer {
		return m.do(token, http.MethodPost, path, "application/json", body, "Idempotency-Key", key)
	}
	east := access.Reach{Regions: []string{"华东"}}
	hers := m.as(domain.RegionalAdmin, east)
	first := send(hers, "hers")
	if first.status != http.StatusCreated {
		t.Fatalf("%d %s", first.status, first.text)
	}
	his := send(m.as(domain.RegionalAdmin, access.Reach{Regions: []string{"华东"}, Projects: []domain.ProjectID{"P001"}}),
		"hers")
	if his.status != http.StatusConflict || his.problem() != "idempotency-key-reused" || strings.Contains(his.text, "position") {
		t.Errorf("of the same region: %d %s", his.status, his.text)
	}
	south := m.as(domain.RegionalAdmin, access.Reach{Regions: []string{"华南"}})
	outside, fresh := send(south, "hers"), send(south, "of-nobody")
	if outside.status != http.StatusNotFound || outside.text != fresh.text {
		t.Errorf("of another region: %d %s; with a key of nobody's: %s", outside.status, outside.text, fresh.text)
	}
	if again := send(hers, "hers"); again.status != http.StatusCreated || !strings.Contains(again.text, `"repeated":true`) {
		t.Errorf("her own again: %d %s", again.status, again.text)
	}
}

// What happens to a project that moved is told to the people of the center that has it
// now, at once, and to those of the one that had it no more; what names a center, an
// account or a ticket, stays that center's.
func TestWhatHappensToAProjectThatMovedIsToldToItsCenterAlone(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.RegionalAdmin, "/v1/centers", `{"center":"C05","name":"物业C05","region":"华东"}`)
	places := live.NewPlaces(m.ledger)
	sees := func(center domain.CenterID, stream string) bool {
		t.Helper()
		sight, err := places.Within(t.Context(), access.OfCenter(center))
		if err != nil {
			t.Fatal(err)
		}
		seen, err := sight(t.Context(), stream)
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	for _, after := range []bool{false, true} {
		if after {
			m.must(domain.RegionalAdmin, "/v1/projects/P001/center", `{"center":"C05","from":"2026-10-08"}`)
		}
		for _, stream := range []string{"project-P001", "depot-P001", "visits-P001-2026-09"} {
			if had, has := sees("C01", stream), sees("C05", stream); had == after || has != after {
				t.Errorf("%s, moved %t: told to the center that had it %t, to the one that has it %t", stream, after, had, has)
			}
		}
		for _, stream := range []string{"account-C01", "ticket-T-P001"} {
			if !sees("C01", stream) || sees("C05", stream) {
				t.Errorf("%s of C01 is told to others than its center's people", stream)
			}
		}
	}
	for who, want := range map[domain.CenterID]int{"C01": http.StatusOK, "C05": http.StatusNotFound} {
		head := m.as(domain.CenterHead, access.OfCenter(who))
		if a := m.do(head, http.MethodGet, "/v1/tickets/T-P001", "", ""); a.status != want {
			t.Errorf("its ticket is answered to %s with %d: %.200s", who, a.status, a.text)
		}
	}
}
