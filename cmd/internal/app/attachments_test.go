package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"aftersales-ledger/api/papers"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore/ledger"
)

// Attachments are kept where the configuration says: in the data folder, in
// another one, or in a bucket; and a place that cannot serve is told at once.
func TestAttachmentsAreKeptWhereTheConfigurationSays(t *testing.T) {
	backend := s3mem.New()
	if err := backend.CreateBucket("ledger"); err != nil {
		t.Fatal(err)
	}
	s3 := httptest.NewServer(gofakes3.New(backend).Server())
	defer s3.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	elsewhere := filepath.Join(t.TempDir(), "papers")
	data := t.TempDir()
	for name, tc := range map[string]struct {
		config app.Config
		folder string
	}{
		"in the data folder": {app.Config{Data: data, ReadModels: noClickHouse}, filepath.Join(data, "attachments")},
		"in another":         {app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Attachments: elsewhere}, elsewhere},
		"in a bucket":        {app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Attachments: "s3://ledger/papers?endpoint=" + s3.URL}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, tc.config)
			c := clientOf(t, a, regionalAdmin)
			content := "%PDF-1.4 " + name
			resp, err := c.Do(t.Context(), client.Request{
				Method: http.MethodPost, Path: "/v1/attachments?name=a.pdf", Key: "k", ContentType: "application/pdf",
				Body: []byte(content),
			})
			if err != nil || resp.Status != http.StatusCreated {
				t.Fatalf("answered %d: %s (%v)", resp.Status, resp.Body, err)
			}
			var kept struct{ SHA256 string }
			if err := json.Unmarshal(resp.Body, &kept); err != nil {
				t.Fatal(err)
			}
			if got := get(t, c, "/v1/attachments/"+kept.SHA256); got.Status != http.StatusOK || string(got.Body) != content {
				t.Errorf("answered %d: %s", got.Status, got.Body)
			}
			if tc.folder == "" {
				objects, err := backend.ListBucket("ledger", nil, gofakes3.ListBucketPage{})
				if err != nil || len(objects.Contents) != 1 || objects.Contents[0].Key != "papers/"+kept.SHA256[:2]+"/"+
					kept.SHA256 {
					t.Errorf("the bucket holds %+v, %v", objects, err)
				}
				return
			}
			if _, err := os.Stat(filepath.Join(tc.folder, kept.SHA256[:2], kept.SHA256)); err != nil {
				t.Error(err)
			}
		})
	}
	_, err := app.Open(t.Context(),
		app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Attachments: "s3://other?endpoint=" + s3.URL})
	if err == nil || !strings.Contains(err.Error(), "bucket other") {
		t.Errorf("a bucket that does not exist: %v", err)
	}
}

// A paper is read by whoever brought it in, and else by who may know of a document
// that names it: of the project or the account, in a role that has to do with it.
func TestAPaperIsReadWhereADocumentNamesIt(t *testing.T) {
	m := newMatrix(t)
	store := func(token, text string) string {
		t.Helper()
		a := m.do(token, http.MethodPost, "/v1/attachments?name=letter.pdf", "application/pdf", "%PDF-1.4 "+text)
		var kept struct{ SHA256 string }
		if err := json.Unmarshal([]byte(a.text), &kept); err != nil || a.status != http.StatusCreated {
			t.Fatalf("storing answered %d %s", a.status, a.text)
		}
		return kept.SHA256
	}
	project := func(id domain.ProjectID) access.Reach { return access.Reach{Projects: []domain.ProjectID{id}} }
	region := func(name string) access.Reach { return access.Reach{Regions: []string{name}} }
	admin, finance := m.as(domain.RegionalAdmin, region("华东")), m.as(domain.Finance, access.Everything())
	of := map[string]string{
		"the regional admin": admin, "another region's": m.as(domain.RegionalAdmin, region("华南")),
		"a technician": m.as(domain.Technician, project("P001")), "another project's": m.as(domain.Technician, project("P036")),
		"finance": finance, "the planner": m.as(domain.MaterialsPlanner, access.Everything()),
	}
	readers := func(what, sha string, want ...string) {
		t.Helper()
		none := strings.Repeat("0", 64)
		for who, token := range of {
			a := m.do(token, http.MethodGet, "/v1/attachments/"+sha, "", "")
			unknown := m.do(token, http.MethodGet, "/v1/attachments/"+none, "", "")
			switch may := slices.Contains(want, who); {
			case may && a.status != http.StatusOK:
				t.Errorf("%s: %s is answered %d %s", what, who, a.status, a.text)
			case !may && strings.ReplaceAll(a.text, sha, none) != unknown.text:
				t.Errorf("%s: %s is answered %d %.200s, of an unknown one %d %s", what, who, a.status, a.text, unknown.status,
					unknown.text)
			}
		}
	}
	letter, scan := store(admin, "letter"), store(admin, "scan")
	readers("named by nothing", letter, "the regional admin")
	m.mustAs(admin, "/v1/returns/R-P001/quote", `{"amount":"10.00","quotedOn":"2026-09-10","letter":"`+letter+`"}`)
	readers("named by a repair", letter, "the regional admin", "a technician", "finance", "the planner")
	m.mustAs(admin, "/v1/centers/C01/statements/2026Q3/paper-reply",
		`{"version":1,"signer":"郑主任","signedOn":"2026-10-08","scan":"`+scan+`"}`)
	readers("named by an account", scan, "the regional admin", "finance")
}

// Whoever brings in what somebody else had brought in reads it, as they named it, and
// is not told what the others called it. Who has not brought it in comes by nothing by
// naming it in a document of their own.
func TestWhoBringsAPaperInReadsItUnderTheirOwnName(t *testing.T) {
	m := newMatrix(t)
	region := func(name string) access.Reach { return access.Reach{Regions: []string{name}} }
	first, second := m.as(domain.RegionalAdmin, region("华南")), m.as(domain.RegionalAdmin, region("华东"))
	head := m.as(domain.CenterHead, access.Reach{Centers: []domain.CenterID{"C01"}})
	store := func(token, name string) (kept papers.AttachmentReceipt) {
		t.Helper()
		a := m.do(token, http.MethodPost, "/v1/attachments?name="+name, "application/pdf", "%PDF-1.4 the same")
		if err := json.Unmarshal([]byte(a.text), &kept); err != nil || a.status != http.StatusCreated {
			t.Fatalf("storing answered %d %s", a.status, a.text)
		}
		return kept
	}
	read := func(token, sha string) answer { return m.do(token, http.MethodGet, "/v1/attachments/"+sha, "", "") }
	alone := store(first, "secret-offer.pdf")
	m.mustAs(first, "/v1/returns/R-P036/quote", `{"amount":"9.00","quotedOn":"2026-09-10","letter":"`+alone.SHA256+`"}`)
	if a := read(second, alone.SHA256); a.status != http.StatusNotFound {
		t.Errorf("before it was brought in it is answered %d", a.status)
	}
	for who, sha := range map[string]string{"stored by others": alone.SHA256, "unknown": strings.Repeat("0", 64)} {
		a := m.do(second, http.MethodPost, "/v1/returns/R-P001/quote", "application/json",
			`{"amount":"10.00","quotedOn":"2026-09-10","letter":"`+sha+`"}`)
		if a.status != http.StatusNotFound || a.problem() != "unknown-attachment" {
			t.Errorf("naming what is %s is answered %d %s", who, a.status, a.text)
		}
	}
	for who, token := range map[string]string{"another region's": second, "a center's head": head} {
		kept := store(token, "mine.pdf")
		if kept.Name != "mine.pdf" || !slices.Equal(kept.Recorded, alone.Recorded) {
			t.Errorf("%s is answered %+v", who, kept)
		}
		if again := store(token, "mine.pdf"); len(again.Recorded) != 0 || again.Name != "mine.pdf" {
			t.Errorf("%s again: %+v", who, again)
		}
		if a := read(token, kept.SHA256); a.status != http.StatusOK || a.text != "%PDF-1.4 the same" {
			t.Errorf("%s reads it: %d %s", who, a.status, a.text)
		}
	}
	if a := read(m.as(domain.RegionalAdmin, region("华北")), alone.SHA256); a.status != http.StatusNotFound {
		t.Errorf("who brought nothing in is answered %d", a.status)
	}
}

// A paper that nothing names yet is named by a colleague of whoever brought it in, and
// not by who has nothing to do with them; whoever brings in the same is not told that
// somebody did.
func TestAPaperThatNothingNamesYetIsNamedByColleaguesAlone(t *testing.T) {
	m := newMatrix(t)
	somebody := func(role domain.Role, reach access.Reach) string {
		t.Helper()
		token := m.as(role, reach)
		var me struct{ Login string }
		m.json(token, "/v1/me", &me)
		create := user.Create{Login: me.Login, Name: "某人", Reason: "test"}
		if _, err := ledger.Do(t.Context(), m.ledger, request("create "+me.Login), create, (*user.Users).Create); err != nil {
			t.Fatal(err)
		}
		grant := user.Grant{Login: me.Login, Role: role, Reach: reach, Reason: "test"}
		if _, err := ledger.Do(t.Context(), m.ledger, request("grant "+me.Login), grant, (*user.Users).Grant); err != nil {
			t.Fatal(err)
		}
		return token
	}
	south := somebody(domain.RegionalAdmin, access.Reach{Regions: []string{"华南"}})
	east := somebody(domain.RegionalAdmin, access.Reach{Regions: []string{"华东"}})
	technician := somebody(domain.Technician, access.Reach{Projects: []domain.ProjectID{"P001"}})
	store := func(token, text string, headers ...string) (kept papers.AttachmentReceipt) {
		t.Helper()
		a := m.do(token, http.MethodPost, "/v1/attachments?name=a.pdf", "application/pdf", "%PDF-1.4 "+text, headers...)
		if err := json.Unmarshal([]byte(a.text), &kept); err != nil || a.status != http.StatusCreated {
			t.Fatalf("storing answered %d %s", a.status, a.text)
		}
		return kept
	}
	theirs, ours := store(south, "an offer"), store(technician, "a letter")
	quote := func(sha string) answer {
		return m.do(east, http.MethodPost, "/v1/returns/R-P001/quote", "application/json",
			`{"amount":"10.00","quotedOn":"2026-09-10","letter":"`+sha+`"}`)
	}
	if a := quote(theirs.SHA256); a.status != http.StatusNotFound || a.problem() != "unknown-attachment" {
		t.Errorf("what another region brought in is named: %d %s", a.status, a.text)
	}
	for _, condition := range []string{"1", "0"} { // who else brought it in is nobody's to ask
		a := m.do(east, http.MethodPost, "/v1/attachments?name=a.pdf", "application/pdf", "%PDF-1.4 an offer",
			"If-Match", `"attachment-`+theirs.SHA256+":"+condition+`"`)
		if a.status != http.StatusUnprocessableEntity || a.problem() != "no-condition" {
			t.Errorf("who brings in the same if it is at revision %s is answered %d %s", condition, a.status, a.text)
		}
	}
	if again := store(east, "an offer"); again.Revision != theirs.Revision {
		t.Errorf("who brings in the same is answered revision %d, who was first %d", again.Revision, theirs.Revision)
	}
	if a := quote(ours.SHA256); a.status != http.StatusCreated {
		t.Errorf("what a technician of the region brought in is not named: %d %s", a.status, a.text)
	}
}
