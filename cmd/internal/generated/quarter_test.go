package generated_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/generated"
	"aftersales-ledger/domain"
)

// quarter is a ledger behind the edge, spoken to with the generated client.
type quarter struct {
	*testing.T
	app    *app.App
	clock  *virtual
	server *httptest.Server
}

var (
	admin      = domain.Actor{Name: "zhao.lei", Role: domain.RegionalAdmin}
	supervisor = domain.Actor{Name: "he.jun", Role: domain.HQAffairsSupervisor}
	head       = domain.Actor{Name: "xu.min", Role: domain.CenterHead, Center: "C01"}
	finance    = domain.Actor{Name: "wang.fang", Role: domain.Finance}
)

func newQuarter(t *testing.T) *quarter {
	q := &quarter{T: t, clock: new(virtual)}
	q.clock.set("2026-06-18 12:00")
	q.app = start(t, q.clock)
	q.server = httptest.NewServer(edge.Server(q.app.Handler, edge.Defaults(), slog.New(slog.DiscardHandler)).Handler)
	t.Cleanup(q.server.Close)
	return q
}

func (q *quarter) token(who domain.Actor) string {
	return q.app.Door.(*doortest.Door).Token(who, 1000*time.Hour)
}

func (q *quarter) as(who domain.Actor) *generated.ClientWithResponses {
	q.Helper()
	token := q.token(who)
	c, err := generated.NewClientWithResponses(q.server.URL, generated.WithRequestEditorFn(
		func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+token)
			return nil
		}))
	if err != nil {
		q.Fatal(err)
	}
	return c
}

// done is what a command answered.
func done[T any](q *quarter, status string, body []byte, out *T, err error) *T {
	q.Helper()
	if err != nil {
		q.Fatal(err)
	}
	if out == nil {
		q.Fatalf("answered %s: %s", status, body)
	}
	return out
}

func (q *quarter) open() {
	q.Helper()
	ctx := q.Context()
	opened, err := q.as(admin).OpenAccountWithResponse(ctx, &generated.OpenAccountParams{IdempotencyKey: "open"},
		generated.OpenAccountBody{Center: "C01", Name: "云栖花园物业服务中心", Region: "华东"})
	done(q, opened.Status(), opened.Body, opened.JSON201, err)
	occupied := "2022-09-01"
	project, err := q.as(admin).RegisterProjectWithResponse(ctx, &generated.RegisterProjectParams{IdempotencyKey: "project"},
		generated.RegisterProjectBody{
			Project: "P001", Name: "云栖花园", Region: "华东", City: "杭州", Center: "C01", From: occupied,
			Warranty: generated.WarrantyBody{OccupancyOn: &occupied, StartsFrom: generated.OCCUPANCY, Months: 24},
		})
	done(q, project.Status(), project.Body, project.JSON201, err)
	prices, err := q.as(supervisor).PublishPriceListWithResponse(ctx,
		&generated.PublishPriceListParams{IdempotencyKey: "prices"},
		generated.PublishPriceListBody{Version: "2026-01", EffectiveFrom: "2026-01-01", Items: &[]generated.PriceItemBody{
			{Code: "MOVE-01", Name: "可视对讲移位", Kind: generated.MOVE, Unit: "台", Price: "150.00", TaxRate: "0.06"},
		}})
	done(q, prices.Status(), prices.Body, prices.JSON201, err)
}

func (q *quarter) charge(key, day string) *generated.AccrueChargeResponse {
	q.Helper()
	two := "2"
	r, err := q.as(admin).AccrueChargeWithResponse(q.Context(), "C01", &generated.AccrueChargeParams{IdempotencyKey: key},
		generated.AccrueChargeInputBody{Project: "P001", Item: "MOVE-01", Quantity: &two, OccurredOn: day})
	done(q, r.Status(), r.Body, r.JSON201, err)
	return r
}

// A client that a public generator makes of the document brings a quarter from
// its first charge to the payment.
func TestAGeneratedClientWorksThroughAQuarter(t *testing.T) {
	q := newQuarter(t)
	ctx := t.Context()
	q.open()
	q.charge("work", "2026-06-18")
	q.clock.set("2026-07-06 09:00")
	issued, err := q.as(admin).IssueStatementWithResponse(ctx, "C01", "2026Q2",
		&generated.IssueStatementParams{IdempotencyKey: "issue"})
	done(q, issued.Status(), issued.Body, issued.JSON201, err)
	shown, err := q.as(head).StatementsWithResponse(ctx, "C01", "2026Q2", &generated.StatementsParams{})
	statements := done(q, shown.Status(), shown.Body, shown.JSON200, err)
	if statements.Versions == nil || len(*statements.Versions) != 1 || (*statements.Versions)[0].Closing != "300.00" {
		t.Fatalf("the center is shown %s", shown.Body)
	}
	confirmed, err := q.as(head).ConfirmStatementWithResponse(ctx, "C01", "2026Q2",
		&generated.ConfirmStatementParams{IdempotencyKey: "confirm"},
		generated.ConfirmInputBody{Version: (*statements.Versions)[0].Version})
	done(q, confirmed.Status(), confirmed.Body, confirmed.JSON201, err)
	paid, err := q.as(finance).ReceivePaymentWithResponse(ctx, "C01",
		&generated.ReceivePaymentParams{IdempotencyKey: "pay"}, generated.ReceivePaymentInputBody{
			BankReference: "ICBC-1", Payer: "云栖花园物业服务中心", Amount: "120.00", ReceivedOn: "2026-07-06",
		})
	payment := done(q, paid.Status(), paid.Body, paid.JSON201, err)
	asOf := "2026-07-06"
	owed, err := q.as(finance).ReceivablesWithResponse(ctx,
		&generated.ReceivablesParams{AsOf: &asOf, After: &payment.Position})
	receivables := done(q, owed.Status(), owed.Body, owed.JSON200, err)
	if receivables.Total.OpenConfirmed != "180.00" || receivables.Total.Paid != "120.00" || !receivables.Ties {
		t.Errorf("owed is %s", owed.Body)
	}
	refused, err := q.as(head).ReceivePaymentWithResponse(ctx, "C01",
		&generated.ReceivePaymentParams{IdempotencyKey: "pay"}, generated.ReceivePaymentInputBody{
			BankReference: "ICBC-2", Payer: "x", Amount: "1.00", ReceivedOn: "2026-07-06",
		})
	if err != nil || refused.StatusCode() != http.StatusForbidden {
		t.Errorf("a center's head books a payment: %s %v", refused.Status(), err)
	}
}

// answer makes a request as it goes over the network.
func (q *quarter) answer(who domain.Actor, method, path, body string, header ...string) (*http.Response, string) {
	q.Helper()
	r, err := http.NewRequestWithContext(q.Context(), method, q.server.URL+path, strings.NewReader(body))
	if err != nil {
		q.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+q.token(who))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		q.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		q.Fatal(err)
	}
	return resp, string(text)
}

func TestAnAnswerThatIsHeldIsNotSentAgainWhileItHolds(t *testing.T) {
	q := newQuarter(t)
	q.open()
	q.charge("first", "2026-06-18")
	q.clock.set("2026-06-20 09:00")
	recorded := q.charge("second", "2026-06-19").JSON201.Position
	const (
		now   = "/v1/receivables"
		fixed = "/v1/receivables?asOf=2026-06-18&knownAt=2026-06-19T00:00:00%2B08:00"
	)
	q.answer(finance, http.MethodGet, now+"?after="+strconv.FormatInt(recorded, 10), "")
	tags := make(map[string]string)
	for _, path := range []string{now, fixed} {
		resp, _ := q.answer(finance, http.MethodGet, path, "")
		tag := resp.Header.Get("Etag")
		if tag == "" || !strings.HasPrefix(tag, "W/") || resp.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s has the tag %s and says %q", path, tag, resp.Header.Get("Cache-Control"))
		}
		tags[path] = tag
		for _, held := range []string{tag, `"other", ` + tag} {
			again, body := q.answer(finance, http.MethodGet, path, "", "If-None-Match", held)
			if again.StatusCode != http.StatusNotModified || body != "" || again.Header.Get("Etag") != tag {
				t.Errorf("%s held as %s is answered %s %s", path, held, again.Status, body)
			}
		}
		for name, c := range map[string]struct {
			who    domain.Actor
			path   string
			header []string
		}{
			"another question":       {finance, more(path), nil},
			"another person":         {domain.Actor{Name: "sun.li", Role: domain.Finance}, path, nil},
			"another role":           {domain.Actor{Name: "wang.fang", Role: domain.DepartmentManager}, path, nil},
			"another language":       {finance, path, []string{"Accept-Language", "en"}},
			"somebody of the center": {head, path, nil},
		} {
			if resp, _ := q.answer(c.who, http.MethodGet, c.path, "",
				append([]string{"If-None-Match", tag}, c.header...)...); resp.StatusCode != http.StatusOK {
				t.Errorf("%s of %s is answered %s", name, path, resp.Status)
			}
		}
	}
	_, then := q.answer(finance, http.MethodGet, fixed, "")
	later := q.charge("third", "2026-06-20").JSON201.Position
	if resp, _ := q.answer(finance, http.MethodGet, now+"?after="+strconv.FormatInt(later, 10), "", "If-None-Match",
		tags[now]); resp.StatusCode != http.StatusOK {
		t.Errorf("after a charge the old figures still hold: %s", resp.Status)
	}
	if resp, _ := q.answer(finance, http.MethodGet, now, "", "If-None-Match", tags[now]); resp.StatusCode != http.StatusOK {
		t.Errorf("after a charge the old figures still hold: %s", resp.Status)
	}
	if resp, _ := q.answer(finance, http.MethodGet, fixed, "", "If-None-Match",
		tags[fixed]); resp.StatusCode != http.StatusNotModified {
		t.Errorf("what was known then is answered anew: %s", resp.Status)
	}
	if _, still := q.answer(finance, http.MethodGet, fixed, ""); figures(t, still) != figures(t, then) {
		t.Errorf("what was known then is now\n%s\nand was\n%s", still, then)
	}
}

// figures are an answer without how far the log has gone.
func figures(t *testing.T, body string) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(body), &all); err != nil || len(all) < 3 {
		t.Fatalf("%v: %s", err, body)
	}
	delete(all, "readModel")
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// more is another question of the same view.
func more(path string) string {
	before, rest, _ := strings.Cut(path, "?")
	return strings.TrimSuffix(before+"?limit=7&"+rest, "&")
}

// Two people hold the same receipt. Who comes second is told, and decides on what
// is there.
func TestWhoComesSecondWithAnOldRevisionChangesNothing(t *testing.T) {
	q := newQuarter(t)
	q.open()
	tag := q.charge("first", "2026-06-18").HTTPResponse.Header.Get("Etag")
	if !strings.HasPrefix(tag, `"account-C01:`) {
		t.Fatalf("a receipt has the tag %s", tag)
	}
	const path = "/v1/centers/C01/charges"
	charge := func(key, tag string) (*http.Response, string) {
		return q.answer(admin, http.MethodPost, path,
			`{"project":"P001","item":"MOVE-01","quantity":"1","occurredOn":"2026-06-18"}`, "Idempotency-Key", key, "If-Match", tag)
	}
	first, body := charge("hers", tag)
	if first.StatusCode != http.StatusCreated {
		t.Fatalf("who holds the present revision is answered %s %s", first.Status, body)
	}
	now := first.Header.Get("Etag")
	second, body := charge("his", tag)
	if second.StatusCode != http.StatusPreconditionFailed || second.Header.Get("Etag") != now ||
		!strings.Contains(body, "changed-meanwhile") {
		t.Errorf("who holds an old one is answered %s %s %s", second.Status, second.Header.Get("Etag"), body)
	}
	if again, body := charge("hers", tag); again.StatusCode != http.StatusCreated || !strings.Contains(body, `"repeated":true`) {
		t.Errorf("a repeat is answered %s %s", again.Status, body)
	}
	if resp, body := charge("his", now); resp.StatusCode != http.StatusCreated {
		t.Errorf("with the present one the same command is answered %s %s", resp.Status, body)
	}
	if resp, _ := charge("theirs", "17"); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("what is no tag is answered %s", resp.Status)
	}
	if resp, _ := charge("forged", `"account-C01:99999999999999999999999"`); resp.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("a revision beyond all is answered %s", resp.Status)
	}
}

// Two people look at the same record. What they saw is in the tag of the answer, and
// what the second decides on it is refused once the first has changed it.
func TestWhoChangesWhatTheyLookedAtChangesNothingElse(t *testing.T) {
	q := newQuarter(t)
	q.open()
	work := q.charge("work", "2026-06-18").JSON201
	q.clock.set("2026-07-06 09:00")
	for name, tc := range map[string]struct {
		look    string
		command string
		body    string
		others  func(key string) *http.Response
	}{
		"a statement, from the log": {
			look: "/v1/centers/C01/statements/2026Q2", command: "/v1/centers/C01/statements/2026Q2/issue",
			others: func(key string) *http.Response { return q.charge(key, "2026-06-19").HTTPResponse },
		},
		"a project, from the figures": {
			look:    "/v1/projects/P001/service?after=" + strconv.FormatInt(work.Position, 10),
			command: "/v1/projects/P001/presence", body: `{"presence":"ON_PROJECT","from":"2026-07-05"}`,
			others: func(key string) *http.Response {
				r, body := q.answer(admin, http.MethodPost, "/v1/projects/P001/presence",
					`{"presence":"LEFT_CITY","from":"2026-07-01"}`, "Idempotency-Key", key)
				if r.StatusCode != http.StatusCreated {
					t.Fatal(body)
				}
				return r
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen, body := q.answer(admin, http.MethodGet, tc.look, "")
			tag := seen.Header.Get("Etag")
			if seen.StatusCode != http.StatusOK || !strings.HasPrefix(tag, `W/"!`) {
				t.Fatalf("the record is answered %s %s %s", seen.Status, tag, body)
			}
			if same, _ := q.answer(admin, http.MethodGet, tc.look, "", "If-None-Match", tag); same.StatusCode != http.StatusNotModified {
				t.Errorf("asked again it is answered %s", same.Status)
			}
			then := tc.others("meanwhile " + name)
			late, body := q.answer(admin, http.MethodPost, tc.command, tc.body, "Idempotency-Key", "late "+name, "If-Match", tag)
			if late.StatusCode != http.StatusPreconditionFailed || late.Header.Get("Etag") != then.Header.Get("Etag") {
				t.Errorf("what was decided on what is no more is answered %s %s %s", late.Status, late.Header.Get("Etag"), body)
			}
			position, err := q.app.Ledger.Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			q.answer(admin, http.MethodGet, "/v1/receivables?after="+strconv.FormatUint(uint64(position), 10), "")
			now, _ := q.answer(admin, http.MethodGet, tc.look, "", "Accept-Encoding", "zstd")
			if r, body := q.answer(admin, http.MethodPost, tc.command, tc.body, "Idempotency-Key", "again "+name,
				"If-Match", now.Header.Get("Etag")); r.StatusCode != http.StatusCreated {
				t.Errorf("looked at again (%s), it is answered %s %s", now.Header.Get("Etag"), r.Status, body)
			}
		})
	}
	for _, encoding := range []string{"gzip", "zstd"} { // the statement that was issued is long enough
		const statement = "/v1/centers/C01/statements/2026Q2"
		issued, _ := q.answer(admin, http.MethodGet, statement, "", "Accept-Encoding", encoding)
		if same, _ := q.answer(admin, http.MethodGet, statement, "", "Accept-Encoding", encoding,
			"If-None-Match", issued.Header.Get("Etag")); same.StatusCode != http.StatusNotModified {
			t.Errorf("held in %s it is answered %s", encoding, same.Status)
		}
		charge, body := q.answer(admin, http.MethodPost, "/v1/centers/C01/charges",
			`{"project":"P001","item":"MOVE-01","occurredOn":"2026-06-20"}`, "Idempotency-Key", encoding,
			"If-Match", issued.Header.Get("Etag"))
		if issued.Header.Get("Content-Encoding") != encoding || charge.StatusCode != http.StatusCreated {
			t.Errorf("with the tag %s of an answer in %q it is answered %s %s", issued.Header.Get("Etag"),
				issued.Header.Get("Content-Encoding"), charge.Status, body)
		}
	}
	for past, changes := range map[string]bool{
		"asOf=2026-07-05": false, "knownAt=2026-07-07T00:00:00%2B08:00": false, "asOf=2026-07-06": true,
	} {
		seen, body := q.answer(admin, http.MethodGet, "/v1/centers/C01/charges/"+work.Id+"?"+past, "")
		tag := seen.Header.Get("Etag")
		if seen.StatusCode != http.StatusOK || strings.Contains(tag, "!account-C01:") != changes {
			t.Errorf("%s: it is answered %s %s %.200s", past, seen.Status, tag, body)
		}
	}
}

func TestAnswersAreCompressedForWhoTakesIt(t *testing.T) {
	q := newQuarter(t)
	for encoding, reads := range map[string]bool{"zstd": true, "gzip": true, "": false} {
		resp, body := q.answer(finance, http.MethodGet, "/openapi.json", "", "Accept-Encoding", encoding)
		varies := strings.Join(resp.Header.Values("Vary"), ",")
		if resp.Header.Get("Content-Encoding") != encoding || !strings.Contains(varies, "Accept-Encoding") {
			t.Errorf("to who takes %q it is sent as %q", encoding, resp.Header.Get("Content-Encoding"))
		}
		if reads && len(body) > 400_000 {
			t.Errorf("as %s the document has %d bytes", encoding, len(body))
		}
		if encoding == "zstd" {
			z, err := zstd.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(z); err != nil || !strings.Contains(string(text), `"/v1/receivables"`) {
				t.Errorf("the document cannot be read again: %v", err)
			}
		}
	}
}

func TestARequestHasAName(t *testing.T) {
	q := newQuarter(t)
	for given, kept := range map[string]bool{
		"order-17.b_2": true, "": false, "a b": false, "a\"b": false, strings.Repeat("x", 65): false, "名": false,
	} {
		resp, _ := q.answer(finance, http.MethodGet, "/v1/log?limit=1", "", "X-Request-Id", given)
		if id := resp.Header.Get("X-Request-Id"); id == "" || (id == given) != kept {
			t.Errorf("a request that is called %q is answered as %q", given, id)
		}
	}
	resp, _ := q.answer(admin, http.MethodPost, "/v1/centers", `{"center":"C01","name":"云栖花园","region":"华东"}`,
		"Idempotency-Key", "k", "X-Request-Id", "order-17")
	if _, body := q.answer(finance, http.MethodGet, "/v1/log?limit=1", ""); resp.StatusCode != http.StatusCreated ||
		!strings.Contains(body, `order-17`) {
		t.Errorf("the event does not carry the name of the request: %s %s", resp.Status, body)
	}
}
