package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/users"
	"aftersales-ledger/domain"
)

var administrator = domain.Actor{Name: "admin", Role: domain.Administrator}

func (w *world) users(query string) (out users.UserListBody) {
	w.t.Helper()
	status, _, body := w.get(administrator, "/v1/users"+query)
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != http.StatusOK {
		w.t.Fatalf("%s answered %d: %s", query, status, body)
	}
	return out
}

func logins(list users.UserListBody) (out []string) {
	for _, u := range list.Rows {
		out = append(out, u.Login)
	}
	return out
}

// peopled is a world in which an administrator let some people in.
func peopled(t *testing.T) *world {
	w := newWorld(t)
	for i, login := range []string{"Wang.Fang", "li.si", "zhao.wu", "chen.ba"} {
		w.command(administrator, "/v1/users", fmt.Sprintf(`{"login":%q,"name":%q,"mail":"u%d@example.com","reason":"入职"}`,
			login, []string{"王芳", "李四", "赵五", "陈八"}[i], i))
	}
	w.command(administrator, "/v1/users/wang.fang/grants",
		`{"role":"technician","projects":["P001","P002"],"reason":"上岗"}`)
	w.command(administrator, "/v1/users/li.si/grants", `{"role":"center-head","centers":["C01"],"reason":"上岗"}`)
	w.command(administrator, "/v1/users/zhao.wu/grants",
		`{"role":"finance","company":true,"from":"2026-07-01","until":"2026-07-31","reason":"代班"}`)
	w.command(administrator, "/v1/users/LI.SI/suspension", `{"reason":"离职"}`)
	return w
}

func TestUsersAreListedByWhatIsGrantedToThem(t *testing.T) {
	w := peopled(t)
	for query, want := range map[string]string{
		"":                                  "chen.ba li.si wang.fang zhao.wu",
		"?limit=2":                          "chen.ba li.si",
		"?limit=2&cursor=li.si":             "wang.fang zhao.wu",
		"?role=technician":                  "wang.fang",
		"?project=P002":                     "wang.fang",
		"?project=P002&role=project-leader": "",
		"?center=C01":                       "li.si",
		"?suspended=true":                   "li.si",
		"?suspended=false&limit=1000":       "chen.ba wang.fang zhao.wu",
		"?role=finance":                     "",
		"?role=finance&on=2026-07-31":       "zhao.wu",
		"?text=WANG":                        "wang.fang",
		"?text=%E7%8E%8B":                   "wang.fang",
		"?text=u3@":                         "chen.ba",
	} {
		if got := strings.Join(logins(w.users(query)), " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if next := w.users("?limit=2").Next; next != "li.si" {
		t.Errorf("next %q", next)
	}
	if next := w.users("?limit=4").Next; next != "" {
		t.Errorf("after the last page comes %q", next)
	}
	w.restart()
	w.command(administrator, "/v1/users/li.si/reinstatement", `{"reason":"返聘"}`)
	if got := strings.Join(logins(w.users("?suspended=false")), " "); got != "chen.ba li.si wang.fang zhao.wu" {
		t.Errorf("after a restart: %s", got)
	}
}

func TestAUserIsShownWithAllThatWasDecided(t *testing.T) {
	w := peopled(t)
	w.command(administrator, "/v1/users", `{"login":"admin","name":"管理员","reason":"上线"}`)
	w.command(administrator, "/v1/users/wang.fang/grants/1/withdrawal", `{"from":"2026-07-15","reason":"调岗"}`)
	w.command(administrator, "/v1/users/wang.fang/details", `{"name":"王芳芳","reason":"改名"}`)
	status, _, body := w.get(administrator, "/v1/users/Wang.Fang?on=2026-07-15")
	var got users.UserHistoryBody
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
		t.Fatalf("answered %d: %s", status, body)
	}
	want := users.UserBody{
		Login: "wang.fang", Name: "王芳芳", CreatedOn: "2026-06-30", Grants: []users.GrantBody{{
			Grant: 1, Role: "technician", Reach: users.ReachBody{Projects: []string{"P001", "P002"}}, From: "2026-06-30",
			Withdrawn: &users.WithdrawnBody{From: "2026-07-15", Reason: "调岗", On: "2026-06-30", By: "admin", ByName: "管理员"},
			Reason:    "上岗", On: "2026-06-30", By: "admin", ByName: "管理员",
		}},
	}
	if diff := cmp.Diff(want, got.UserBody); diff != "" {
		t.Error(diff)
	}
	var steps []string
	for _, s := range got.Steps {
		steps = append(steps, s.Event+" "+s.Reason+" "+s.ByName)
	}
	if diff := cmp.Diff([]string{
		"UserCreated 入职 管理员", "RoleGranted 上岗 管理员", "GrantWithdrawn 调岗 管理员", "UserDetailsChanged 改名 管理员",
	}, steps); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsRefusedOfUsers(t *testing.T) {
	w := peopled(t)
	for name, c := range map[string]struct {
		actor        domain.Actor
		path, body   string
		status       int
		code, detail string
	}{
		"finance makes no users":      {finance, "/v1/users", `{"login":"x","name":"x","reason":"r"}`, 403, "role-not-allowed", ""},
		"nobody's login":              {administrator, "/v1/users/nobody/suspension", `{"reason":"r"}`, 404, "unknown-login", "chen.ba 陈八"},
		"a center that is not there":  {administrator, "/v1/users/chen.ba/grants", `{"role":"center-head","centers":["C77"],"reason":"r"}`, 404, "unknown-center", ""},
		"a reach of another kind":     {administrator, "/v1/users/chen.ba/grants", `{"role":"finance","regions":["华东"],"reason":"r"}`, 422, "reach-of-another-kind", "regions"},
		"a grant to oneself":          {domain.Actor{Name: "Chen.Ba", Role: domain.Administrator}, "/v1/users/chen.ba/grants", `{"role":"finance","company":true,"reason":"r"}`, 403, "own-rights", ""},
		"a withdrawal of what is not": {administrator, "/v1/users/chen.ba/grants/1/withdrawal", `{"reason":"r"}`, 404, "unknown-grant", ""},
		"without a reason":            {administrator, "/v1/users/chen.ba/suspension", `{"reason":""}`, 422, "text-required", "reason"},
		"somebody else's mail":        {administrator, "/v1/users", `{"login":"x","name":"x","mail":"U0@example.com","reason":"r"}`, 409, "mail-taken", ""},
		"a login as it was sent":      {administrator, "/v1/users", `{"login":"Chen Ba","name":"x","reason":"r"}`, 422, "bad-login", `Chen Ba\"`},
		"sent as it is kept":          {administrator, "/v1/users", `{"login":"Chen.Ba","name":"x","reason":"r"}`, 409, "login-taken", `Chen.Ba\"`},
		"a day that is none":          {administrator, "/v1/users/chen.ba/grants", `{"role":"finance","company":true,"from":"31.2.","reason":"r"}`, 422, "not-a-date", "from"},
		"a field that there is not":   {administrator, "/v1/users", `{"login":"x","name":"x","reason":"r","admin":true}`, 422, "invalid", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.head()
			status, body := w.post(t.Context(), c.actor, c.path, name, []byte(c.body))
			if status != c.status || !strings.Contains(string(body), "problem:"+c.code) ||
				!strings.Contains(string(body), c.detail) {
				t.Errorf("answered %d, want %d %s: %s", status, c.status, c.code, body)
			}
			if after := w.head(); after != before {
				t.Errorf("the log grew from %d to %d", before, after)
			}
		})
	}
	for path, want := range map[string]int{
		"/v1/users/nobody": 404, "/v1/users?role=king": 422, "/v1/users?on=x": 422, "/v1/users?cursor=nobody": 422, "/v1/receivables": 403,
		"/v1/users?role=finance&role=technician": 422, // one of them would be answered, and nobody could tell which
	} {
		if status, _, body := w.get(administrator, path); status != want {
			t.Errorf("%s answered %d, want %d: %s", path, status, want, body)
		}
	}
}

// A list is rehearsed, refused with each of its faults, recorded whole, and known
// again.
func TestAListOfUsersMakesPeopleAndGrants(t *testing.T) {
	w := newWorld(t)
	const head = "登录名,姓名,手机,角色,范围,起始日期\n"
	bad := head + "Qian.Er,钱二,13800000000,技术员,P001,\n" + "sun.san,孙三,,technician,P009,\n" +
		"zhou.si,周四,,finance,华东,\n" + "wu.wu,吴五,,,华东,\n" + "zh@ng,郑六,,,,\n" + "good,好七,,,,\n" + "good,好七,,,,\n" +
		"feng.ba,冯八,,技术员,P001,31.2.\n"
	before := w.head()
	status, r := w.send(t.Context(), administrator, "users", []byte(bad))
	var faults []string
	for _, f := range r.Results {
		if f.Outcome == "refused" {
			faults = append(faults, fmt.Sprint(f.Row, " ", f.Field, " ", f.Code))
		}
	}
	want := []string{
		"2 role unknown-role", "3 reach unknown-project", "4 reach reach-of-another-kind", "5 role text-required",
		"6 login bad-login", "8 login number-twice", "9 from not-a-date", "9 role unknown-role",
	}
	if diff := cmp.Diff(want, faults); diff != "" || status != http.StatusUnprocessableEntity || w.head() != before {
		t.Errorf("status %d, the log went from %d to %d: %s", status, before, w.head(), diff)
	}
	good := head + "Qian.Er,钱二,13800000000,售后服务技术员,P001、P002,2026-01-01\n" + "qian.er,钱二,13800000000,项目组负责人,P001,\n" +
		"sun.san,孙三,,finance,,\n" + "li.si,李四,,center-head,C01,\n" + "good,好七,,,,\n"
	if status, r = w.send(t.Context(), administrator, "users?dryRun=true", []byte(good)); status != http.StatusOK ||
		r.Valid != 5 || w.head() != before {
		t.Errorf("rehearsed: status %d, %+v", status, r)
	}
	if status, r = w.send(t.Context(), administrator, "users", []byte(good)); status != http.StatusOK || r.Recorded != 5 {
		t.Errorf("status %d, %+v", status, r)
	}
	after := w.head()
	if _, r = w.send(t.Context(), administrator, "users", []byte(good)); r.Unchanged != 5 || w.head() != after {
		t.Errorf("again: %+v", r)
	}
	if got := strings.Join(logins(w.users("?project=P001")), " "); got != "qian.er" || len(w.users("").Rows) != 4 {
		t.Errorf("of P001: %s; in all %d", got, len(w.users("").Rows))
	}
	if n := w.events()["RoleGranted"]; n != 4 {
		t.Errorf("%d grants", n)
	}
	if status, _ := w.send(t.Context(), finance, "users", []byte(good)); status != http.StatusForbidden {
		t.Errorf("finance was answered %d", status)
	}
}
