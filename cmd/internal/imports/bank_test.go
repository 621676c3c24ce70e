package imports_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/imports"
	"aftersales-ledger/domain"
)

// newBankClient opens a ledger with figures, in which center C01 owes 150.00 and 380.00.
func newBankClient(t *testing.T) *client.Client {
	t.Helper()
	return newHouse(t)(domain.Finance)
}

// newHouse opens that ledger for people of any role.
func newHouse(t *testing.T) (as func(domain.Role) *client.Client) {
	t.Helper()
	a := apptest.Start(t, app.Config{Data: t.TempDir(), Clock: clock})
	as = people(a)
	begin(t, as)
	for _, body := range []string{
		`{"charge":"SF-2026-0101","project":"P001","item":"MOVE-01","quantity":"1","occurredOn":"2026-06-03"}`,
		`{"charge":"SF-2026-0102","project":"P001","item":"ADD-01","quantity":"1","occurredOn":"2026-06-04"}`,
	} {
		command(t, as(domain.RegionalAdmin), "/v1/centers/C01/charges", body)
	}
	head, err := a.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.ReadModels.Wait(t.Context(), uint64(head)); err != nil {
		t.Fatal(err)
	}
	return as
}

const statement = `交易日期,业务号,对方户名,附言,支出,收入
2026-06-20,T1,云栖花园物业服务中心,SF-2026-0101,,150.00
2026-06-21,T2,王五,门禁卡,,33.00
2026-06-21,T3,某供应商,货款,90.00,
2026-06-22,T4,王五,C01,,20.00
`

func TestABankStatementIsProposedAndWhatIsAcceptedIsBooked(t *testing.T) {
	c := newBankClient(t)
	path := filepath.Join(t.TempDir(), "6月.csv")
	if err := os.WriteFile(path, []byte(statement), 0o600); err != nil {
		t.Fatal(err)
	}
	var p *kit.Problem
	if _, err := imports.ProposeBank(t.Context(), c, path,
		imports.BankOptions{}); !errors.As(err, &p) || !strings.Contains(p.Detail, "流水号=业务号") {
		t.Errorf("without a column of references: %v", err)
	}
	o := imports.BankOptions{Columns: map[string]string{"流水号": "业务号"}}
	body, err := imports.ProposeBank(t.Context(), c, path, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := imports.PrintBank(&out, wording.Chinese, body, false); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"6月.csv", "待认领", "SF-2026-0101 150.00", "99", "付款人即该中心", "90.00", "王五"} {
		if !strings.Contains(out.String(), says) {
			t.Errorf("the proposals do not say %q:\n%s", says, out.String())
		}
	}
	if strings.Contains(out.String(), "货款") {
		t.Errorf("an outgoing line is listed:\n%s", out.String())
	}

	for name, s := range map[string]imports.Selection{
		"a reference that is not there": {References: []string{"T9"}},
		"an outgoing line":              {References: []string{"T3"}},
		"a line without a proposal":     {References: []string{"T2"}},
	} {
		if chosen, err := s.Choose(body); err == nil {
			t.Errorf("%s: %+v", name, chosen)
		}
	}
	for flag, s := range map[string]imports.Selection{"T1": {References: []string{"T9"}}, "2": {Rows: []string{"22"}}} {
		_, err := s.Choose(body)
		var r *domain.Rejection
		if !errors.As(err, &r) || !slices.ContainsFunc(r.There, func(e domain.Existing) bool { return e.ID == flag }) {
			t.Errorf("%s is not offered: %v", flag, err)
		}
	}
	for flag, s := range map[string]imports.Selection{
		"accept-refs": {References: []string{"98", "T1", "97=C01", "96", "98"}}, "accept-rows": {Rows: []string{"98", "97", "96"}},
	} {
		_, err := s.Choose(body)
		said := strings.Split(wording.Chinese.Error(err), "\n")
		inOrder := func(of int, name string) bool { return strings.Contains(said[of], name) }
		if len(said) != 3 || !inOrder(0, "98") || !inOrder(1, "97") || !inOrder(2, "96") {
			t.Errorf("%s: not every unknown line is named, in the order given: %q", flag, said)
		}
	}
	chosen, err := imports.Selection{AtLeast: 90, References: []string{"T2=C01"}}.Choose(body)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range chosen {
		got = append(got, l.Reference+" "+l.Center)
	}
	if diff := cmp.Diff([]string{"T1 C01", "T2 C01"},
		got); diff != "" || len(chosen[0].Designation) != 1 || len(chosen[1].Designation) != 0 {
		t.Fatalf("%s%+v", diff, chosen)
	}
	for round, booked := range []int{2, 0} {
		var done uint64
		r, err := imports.AcceptBank(t.Context(), c, chosen, func(n uint64) { done = n })
		if err != nil || r.Booked != booked || r.BookedBefore != 2-booked || done != 2 {
			t.Errorf("round %d: %+v, %v", round, r, err)
		}
		out.Reset()
		imports.PrintAcceptance(&out, wording.Chinese, r)
		if !strings.Contains(out.String(), r.BookedAmount) || !strings.Contains(out.String(), outcomeOf(booked)) {
			t.Errorf("printed\n%s", out.String())
		}
	}
}

const batch = `账号：44201501,,,,,
交易日期,流水号,对方户名,附言,支出,收入
2026-06-20,B1,住户甲,门禁卡,,33.00
2026-06-20,B1,住户乙,门禁卡,,33.00
2026-06-21,B2,王五,C01,,20.00
合计,,,,0.00,86.00
`

func TestWhatAPersonMustDecideIsAcceptedByItsRow(t *testing.T) {
	c := newBankClient(t)
	path := filepath.Join(t.TempDir(), "6月.csv")
	if err := os.WriteFile(path, []byte(batch), 0o600); err != nil {
		t.Fatal(err)
	}
	body, err := imports.ProposeBank(t.Context(), c, path, imports.BankOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := imports.PrintBank(&out, wording.Chinese, body, false); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"待核实", "44201501", "F 收入 → 贷方金额", "第 6 行（合计）", "贷方合计 86.00", "流水号与第 4 行相同"} {
		if !strings.Contains(out.String(), says) {
			t.Errorf("the page does not say %q:\n%s", says, out.String())
		}
	}
	for name, s := range map[string]imports.Selection{
		"by the reference that two lines share": {References: []string{"B1=C01"}},
		"by a row that is none":                 {Rows: []string{"99=C01"}},
		"without a center":                      {Rows: []string{"3"}},
	} {
		if chosen, err := s.Choose(body); err == nil {
			t.Errorf("%s: %+v", name, chosen)
		}
	}
	chosen, err := imports.Selection{AtLeast: 1, Rows: []string{"3=C01", "4=C01"}}.Choose(body)
	if err != nil || len(chosen) != 3 || chosen[0].Apart || !chosen[2].Apart || chosen[0].OwnAccount != "44201501" {
		t.Fatalf("%+v, %v", chosen, err)
	}
	for round, booked := range []int{3, 0} {
		if r, err := imports.AcceptBank(t.Context(), c, chosen,
			func(uint64) {}); err != nil || r.Booked != booked || r.BookedBefore != 3-booked {
			t.Errorf("round %d: %+v, %v", round, r, err)
		}
	}
}

func outcomeOf(booked int) string {
	if booked > 0 {
		return "已入账"
	}
	return "原已入账"
}
