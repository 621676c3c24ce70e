package remittance_test

import (
	stdcmp "cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/remittance"
)

var day, yuan = domaintest.Day, domaintest.Yuan

// charge makes a charge of a day, due at the end of the month after its half-year.
func charge(id, project, on, open string) remittance.Charge {
	d := day(on)
	return remittance.Charge{
		Charge: domain.ChargeID(id), Project: domain.ProjectID(project), OccurredOn: d, Posted: d.Quarter(),
		DueOn: policy.Default().DueOn(d.Quarter()), Open: yuan(open),
	}
}

func disputed(c remittance.Charge) remittance.Charge {
	c.Disputed = true
	return c
}

// yunqi and hupan are two centers with some charges open.
func yunqi() remittance.Candidate {
	return remittance.Candidate{
		Center: "C01", Name: "云栖花园物业服务中心", Payers: []string{"杭州云栖物业服务有限公司"},
		Projects: []remittance.Project{{ID: "P001", Name: "云栖花园一期"}, {ID: "P002", Name: "云栖花园二期"}},
		Charges: []remittance.Charge{
			charge("SF-2026-0101", "P001", "2026-02-10", "150.00"),
			charge("SF-2026-0102", "P001", "2026-05-11", "380.00"),
			charge("SF-2026-0103", "P002", "2026-05-12", "1200.00"),
			charge("SF-2026-0104", "P002", "2026-07-02", "77.00"),
		},
	}
}

func hupan() remittance.Candidate {
	return remittance.Candidate{
		Center: "C02", Name: "湖畔名邸物业服务中心", Projects: []remittance.Project{{ID: "P003", Name: "湖畔名邸"}},
		Charges: []remittance.Charge{
			charge("SF-2026-0101", "P003", "2026-04-01", "900.00"), charge("SF-2026-0205", "P003", "2026-07-03", "45.50"),
		},
	}
}

func line(payer, remark, amount string) remittance.Line {
	return remittance.Line{
		Reference: "S1", Payer: payer, Remark: remark, Amount: yuan(amount), ReceivedOn: day("2026-07-20"),
	}
}

// brief writes proposals as C01 97% SF-1=150.00.
func brief(m remittance.Match) []string {
	out := []string{}
	for _, p := range m.Proposals {
		s := fmt.Sprintf("%s %d%%", p.Center, p.Confidence)
		for _, d := range p.Designation {
			s += fmt.Sprintf(" %s=%s", strings.TrimPrefix(string(d.Charge), "SF-2026-"), d.Amount)
		}
		out = append(out, s)
	}
	return out
}

func TestALineIsProposedByWhoPaidAndWhatFor(t *testing.T) {
	const center, payer = "云栖花园物业服务中心", "杭州云栖物业服务有限公司"
	tests := map[string]struct {
		line   remittance.Line
		want   []string
		reason string // part of the Chinese or English sentence
	}{
		"the center by name, its charges by number, to the fen": {line(center, "付SF-2026-0102、SF-2026-0103", "1580.00"),
			[]string{"C01 99% 0102=380.00 0103=1200.00"}, ""},
		"an earlier payer pays what is due on the next due date": {line(payer, "货款", "1730.00"),
			[]string{"C01 95%"}, "来款等于截至 2026-07-31 到期的 3 笔收费的未清合计 1,730.00 元"},
		"everything that is open": {line(center, "", "1807.00"), []string{"C01 95%"}, "the 4 charges due up to 2027-01-31, 1,807.00"},
		"one charge":              {line(center, "", "1200.00"), []string{"C01 95% 0103=1200.00"}, "open on SF-2026-0103, 1,200.00"},
		"the charges of one quarter": {line(center, "", "1580.00"),
			[]string{"C01 95% 0102=380.00 0103=1200.00"}, "2026Q2"},
		"the charges of one project": {line(center, "", "1277.00"), []string{"C01 95% 0103=1200.00 0104=77.00"}, "project P002"},
		"the only set of charges that sums up to it": {line(center, "", "457.00"),
			[]string{"C01 85% 0102=380.00 0104=77.00"}, "别无其他组合"},
		"part of what is open goes to the oldest due": {line(center, "", "500.00"), []string{"C01 75%"}, "按最早到期核销"},
		"more than is open":                           {line(center, "", "2000.00"), []string{"C01 60%"}, "多出 193.00 元留作未核销"},
		"named charges of which less is paid": {line(center, "SF-2026-0102 SF-2026-0103", "1000.00"),
			[]string{"C01 92% 0102=380.00 0103=620.00"}, "来款少 580.00 元"},
		"named charges of which more is paid": {line(center, "SF-2026-0102", "400.00"), []string{"C01 92% 0102=380.00"}, "来款多 20.00 元"},
		"full-width and lower case":           {line("云栖花园（物业）服务中心", "ｓｆ－２０２６－０１０３", "1200.00"), []string{"C01 99% 0103=1200.00"}, ""},
		"a number that only begins like one":  {line("王五", "SF-2026-01033", "33.33"), []string{}, "不是中心"},
		"the code of a center in the remark":  {line("王五", "代C02付维修费", "900.00"), []string{"C02 95%"}, "附言含中心编号 C02"},
		"the code of a project in the remark": {line("王五", "P003维修", "900.00"), []string{"C02 80%"}, "附言含项目 P003"},
		"an earlier payer and the name of a project": {line(payer, "云栖花园一期维修费", "380.00"),
			[]string{"C01 97% 0102=380.00"}, "附言含项目 P001"},
		"a phase of a project in digits":           {line(payer, "云栖花园１期维修费", "380.00"), []string{"C01 97% 0102=380.00"}, "附言含项目 P001"},
		"a number open at two centers":             {line("王五", "SF-2026-0101", "33.33"), []string{"C01 42% 0101=33.33", "C02 42% 0101=33.33"}, "同样可能"},
		"the amount tells which of the two":        {line("王五", "SF-2026-0101", "900.00"), []string{"C02 97% 0101=900.00", "C01 85% 0101=150.00"}, "来款多 750.00 元"},
		"a name that resembles the center's":       {line("云栖花园物业", "", "1730.00"), []string{"C01 80%"}, "名称“云栖花园物业服务中心”相近"},
		"a name that resembles both":               {line("物业服务中心", "", "500.00"), []string{"C01 22%", "C02 22%"}, "同样可能"},
		"nobody, but a sum that one center owes":   {line("王五", "", "900.00"), []string{"C02 40%"}, "only the amount fits"},
		"nobody, and a sum that nobody owes":       {line("王五", "", "901.00"), []string{}, "Payer \"王五\" is no center"},
		"a bank that names no payer":               {line("", "结息", "901.00"), []string{}, "银行未列付款人"},
		"a center that owes nothing of that since": {line("湖畔名邸物业服务中心", "", "45.50"), []string{"C02 95% 0205=45.50"}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			m := remittance.Propose([]remittance.Line{tc.line}, []remittance.Candidate{hupan(), yunqi()}, policy.Default())[0]
			if diff := cmp.Diff(tc.want, brief(m)); diff != "" {
				t.Errorf("%s%+v", diff, m)
			}
			said := m.Reason.Chinese + m.Reason.English
			for _, p := range m.Proposals {
				said += p.Reason.Chinese + p.Reason.English
			}
			if !strings.Contains(said, tc.reason) {
				t.Errorf("the reason is %q", said)
			}
		})
	}
}

func TestDisputedChargesArePaidOnlyWhereTheyAreNamed(t *testing.T) {
	c := yunqi()
	c.Charges[1] = disputed(c.Charges[1])
	for name, tc := range map[string]struct {
		line remittance.Line
		want string
	}{
		"the rest that is due is named, so that nothing goes to it": {line(c.Name, "", "1350.00"), "C01 95% 0101=150.00 0103=1200.00"},
		"its amount alone does not mean it":                         {line(c.Name, "", "380.00"), "C01 75%"},
		"named, a person must look":                                 {line(c.Name, "SF-2026-0102", "380.00"), "C01 60% 0102=380.00"},
	} {
		t.Run(name, func(t *testing.T) {
			m := remittance.Propose([]remittance.Line{tc.line}, []remittance.Candidate{c}, policy.Default())[0]
			if diff := cmp.Diff([]string{tc.want}, brief(m)); diff != "" {
				t.Errorf("%s%+v", diff, m)
			}
		})
	}
}

func TestWhatCameBeforeAChargeDoesNotPayIt(t *testing.T) {
	// The charge of 12 May falls due on the same day: what was owed before is named.
	for on, why := range map[string]string{
		"2026-05-11": "the 2 charges due up to 2026-07-31, 530.00", "2026-05-12": "the 2 charges of project P001, 530.00",
	} {
		l := line("云栖花园物业服务中心", "", "530.00")
		l.ReceivedOn = day(on)
		m := remittance.Propose([]remittance.Line{l}, []remittance.Candidate{yunqi()}, policy.Default())[0]
		if diff := cmp.Diff([]string{"C01 95% 0101=150.00 0102=380.00"},
			brief(m)); diff != "" || !strings.Contains(m.Proposals[0].Reason.English, why) {
			t.Errorf("on %s: %s%s", on, diff, m.Proposals[0].Reason.English)
		}
	}
}

func TestAPayerOfSeveralCentersNamesNone(t *testing.T) {
	c, d := yunqi(), hupan()
	c.Payers, d.Payers = []string{"万家物业服务有限公司"}, []string{"万家物业服务有限公司"}
	for amount, want := range map[string][]string{
		"900.00": {"C02 80%", "C01 45%"}, // the figure tells
		"333.00": {"C01 22%", "C02 22%"},
	} {
		m := remittance.Propose([]remittance.Line{line("万家物业服务有限公司", "", amount)}, []remittance.Candidate{c, d},
			policy.Default())[0]
		if diff := cmp.Diff(want, brief(m)); diff != "" {
			t.Errorf("%s: %s", amount, diff)
		}
	}
}

// The second of two lines that pay the same is as sure of who and what as the
// first; only the money is not promised twice.
func TestLinesOfOneFileDoNotPayTheSameTwice(t *testing.T) {
	c := yunqi()
	first, second := line(c.Name, "", "1200.00"), line(c.Name, "再付", "1200.00")
	second.Reference = "S2"
	m := remittance.Propose([]remittance.Line{second, first}, []remittance.Candidate{c}, policy.Default())
	if diff := cmp.Diff([][]string{{"C01 95%"}, {"C01 95% 0103=1200.00"}},
		[][]string{brief(m[0]), brief(m[1])}); diff != "" {
		t.Error(diff)
	}
	short := m[0].Proposals[0].Reason
	if !strings.Contains(short.Chinese, "但 SF-2026-0103 中已有款项计入同一文件的来款 S1，本笔因此少 1,200.00 元可核销") ||
		!strings.Contains(short.English, "is taken by S1 of the same file: this line is short of 1,200.00") {
		t.Errorf("the second says %+v", short)
	}
	second.Remark = ""
	m = remittance.Propose([]remittance.Line{second, first}, []remittance.Candidate{c}, policy.Default())
	if p := m[0].Proposals[0]; p.Confidence != 95 || len(p.Designation) > 0 || !strings.Contains(p.Reason.Chinese,
		"疑似重复") || !strings.Contains(p.Reason.English, "those of S1 of the same file") {
		t.Errorf("the second of two alike: %+v", p)
	}
}

// Money goes first to the lines that say what it is for, and last to those of
// which a person must say first whether they are receipts.
func TestALineThatNamesAChargeComesBeforeOneThatDoesNot(t *testing.T) {
	c := yunqi()
	early, named, asked := line(c.Name, "维修费",
		"500.00"), line("王五", "SF-2026-0101", "150.00"), line("王五", "付SF-2026-0101", "150.00")
	early.ReceivedOn, asked.ReceivedOn = early.ReceivedOn.AddDays(-9), asked.ReceivedOn.AddDays(-9)
	named.Reference, asked.Reference, asked.Waits = "S2", "S3", true
	m := remittance.Propose([]remittance.Line{asked, early, named}, []remittance.Candidate{c}, policy.Default())
	if diff := cmp.Diff([][]string{{"C01 97%"}, {"C01 75%"}, {"C01 97% 0101=150.00"}},
		[][]string{brief(m[0]), brief(m[1]), brief(m[2])}); diff != "" {
		t.Error(diff)
	}
}

// A line of which others take a part designates what they leave of what it names.
func TestWhatOthersLeaveOfTheNamedChargesIsDesignated(t *testing.T) {
	first, second := line("王五", "SF-2026-0101", "150.00"), line("王五", "SF-2026-0101 SF-2026-0102", "300.00")
	second.Reference = "S2"
	m := remittance.Propose([]remittance.Line{first, second}, []remittance.Candidate{yunqi()}, policy.Default())
	if diff := cmp.Diff([]string{"C01 85% 0102=300.00"},
		brief(m[1])); diff != "" || strings.Contains(m[1].Proposals[0].Reason.English, "short") {
		t.Errorf("%s%+v", diff, m[1])
	}
}

func TestALineThatLooksLikeAReceiptIsLeftToAPerson(t *testing.T) {
	c := yunqi()
	c.Receipts = []remittance.Receipt{
		{Payment: "OLD", Payer: c.Name, Remark: "维修费", Amount: yuan("1200.00"), ReceivedOn: day("2026-06-20")},
	}
	for name, tc := range map[string]struct {
		on   string
		want int
	}{"within the window": {"2026-07-20", 50}, "long after": {"2026-12-20", 95}} {
		l := line(c.Name, "维修费", "1200.00")
		l.ReceivedOn = day(tc.on)
		m := remittance.Propose([]remittance.Line{l}, []remittance.Candidate{c}, policy.Default())[0]
		if got := m.Proposals[0].Confidence; got != tc.want {
			t.Errorf("%s: %d%%: %s", name, got, m.Proposals[0].Reason.English)
		}
	}
}

func TestChargesOfEqualAmountsAreOneChoice(t *testing.T) {
	c := remittance.Candidate{Center: "C01", Name: "云栖花园物业服务中心"}
	for i := range 4 {
		c.Charges = append(c.Charges,
			charge(fmt.Sprintf("SF-2026-%04d", 9-i), "P001", fmt.Sprintf("2026-0%d-01", 5-i), "150.00"))
	}
	c.Charges = append(c.Charges, charge("SF-2026-0001", "P002", "2025-11-01", "180.00"),
		charge("SF-2026-0002", "P002", "2025-12-01", "180.01"))
	m := remittance.Propose([]remittance.Line{line(c.Name, "", "480.01")}, []remittance.Candidate{c}, policy.Default())[0]
	if diff := cmp.Diff([]string{"C01 85% 0002=180.01 0006=150.00 0007=150.00"}, brief(m)); diff != "" {
		t.Error(diff)
	}
}

func TestASearchWithoutEndSaysNothing(t *testing.T) {
	c := remittance.Candidate{Center: "C01", Name: "云栖花园物业服务中心"}
	for i := range 300 {
		c.Charges = append(c.Charges,
			charge(fmt.Sprintf("SF-%d", i), fmt.Sprint("P", i/2), "2026-05-01", fmt.Sprintf("%d.0%d", 1000+7*i, i%100/99)))
	}
	// The largest and the 101st largest are one set. Whether the only one is not known when the search ends.
	m := remittance.Propose([]remittance.Line{line(c.Name, "", "5486.02")}, []remittance.Candidate{c}, policy.Default())[0]
	if diff := cmp.Diff([]string{"C01 75%"}, brief(m)); diff != "" {
		t.Error(diff)
	}
}

// someCenters draws candidates that are easily taken for one another.
func someCenters(t *rapid.T) []remittance.Candidate {
	amounts := rapid.SampledFrom([]string{"150.00", "180.00", "330.00", "0.01", "380.00", "1200.00"})
	days := rapid.SampledFrom([]string{"2025-11-30", "2026-02-10", "2026-05-11", "2026-07-02"})
	payers := rapid.SampledFrom([]string{"万家物业", "云栖花园物业服务中心", "张三", "湖畔名邸物业"})
	var out []remittance.Candidate
	for i, name := range []string{"云栖花园物业服务中心", "湖畔名邸物业服务中心", "云栖花园二期物业服务中心"} {
		c := remittance.Candidate{
			Center: domain.CenterID(fmt.Sprintf("C0%d", i+1)), Name: name,
			Payers:   rapid.SliceOfN(payers, 0, 2).Draw(t, "payers"),
			Projects: []remittance.Project{{ID: domain.ProjectID(fmt.Sprintf("P00%d", i)), Name: "云栖花园"}},
		}
		for n := range rapid.IntRange(0, 8).Draw(t, "charges") {
			ch := charge(fmt.Sprintf("SF-%d", 100+n), fmt.Sprintf("P00%d", n%3), days.Draw(t, "on"), amounts.Draw(t, "open"))
			ch.Disputed = rapid.IntRange(0, 5).Draw(t, "disputed") == 0
			c.Charges = append(c.Charges, ch)
		}
		if rapid.Bool().Draw(t, "advance") {
			c.Unapplied = yuan(amounts.Draw(t, "unapplied"))
		}
		out = append(out, c)
	}
	return out
}

func someLines(t *rapid.T) []remittance.Line {
	payers := rapid.SampledFrom([]string{"", "万家物业", "云栖花园物业服务中心", "湖畔名邸物业", "物业服务中心", "某公司"})
	remarks := rapid.SampledFrom([]string{"", "SF-100", "付SF-101,SF-102", "C02维修", "P001 SF-103", "云栖花园", "SF-100SF-101"})
	amounts := rapid.SampledFrom([]string{"150.00", "330.00", "480.00", "510.00", "1200.00", "0.01", "99.99", "5000.00"})
	var out []remittance.Line
	for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
		out = append(out, remittance.Line{
			Reference: fmt.Sprintf("S%d", i), Payer: payers.Draw(t, "payer"), Remark: remarks.Draw(t, "remark"),
			Amount:     yuan(amounts.Draw(t, "amount")),
			ReceivedOn: day("2026-07-20").AddDays(rapid.IntRange(-200, 3).Draw(t, "on")),
			Waits:      rapid.IntRange(0, 4).Draw(t, "waits") == 0,
		})
	}
	return out
}

func TestNothingIsProposedTwiceOrBeyondWhatIsOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centers, lines := someCenters(t), someLines(t)
		open := make(map[string]money.Amount)
		for _, c := range centers {
			for _, ch := range c.Charges {
				open[string(c.Center)+" "+string(ch.Charge)] = ch.Open
			}
		}
		sum := make(map[string]money.Amount) // designated by the best proposals
		for i, m := range remittance.Propose(lines, centers, policy.Default()) {
			if len(m.Proposals) > remittance.MostProposals || (len(m.Proposals) == 0) != (m.Reason != remittance.Reason{}) {
				t.Fatalf("match %+v", m)
			}
			for n, p := range m.Proposals {
				if p.Confidence < 1 || p.Confidence > 99 || n > 0 && p.Confidence > m.Proposals[n-1].Confidence {
					t.Fatalf("confidence %d of %+v", p.Confidence, m)
				}
				if p.Reason.Chinese == "" || p.Reason.English == "" {
					t.Fatalf("no reason for %+v", p)
				}
				checkDesignation(t, p, lines[i], open)
				if n > 0 {
					continue
				}
				for _, d := range p.Designation {
					key := string(p.Center) + " " + string(d.Charge)
					sum[key] = sum[key].Add(d.Amount)
					if open[key].Less(sum[key]) {
						t.Fatalf("%s is paid %s of %s by several lines", key, sum[key], open[key])
					}
				}
			}
		}
	})
}

func checkDesignation(t *rapid.T, p remittance.Proposal, l remittance.Line, open map[string]money.Amount) {
	var sum money.Amount
	seen := make(map[domain.ChargeID]bool)
	for _, d := range p.Designation {
		sum = sum.Add(d.Amount)
		if seen[d.Charge] || d.Amount.Sign() <= 0 || open[string(p.Center)+" "+string(d.Charge)].Less(d.Amount) {
			t.Fatalf("designation %+v of %+v", d, p)
		}
		seen[d.Charge] = true
	}
	if l.Amount.Less(sum) {
		t.Fatalf("%s designated of %s", sum, l.Amount)
	}
}

func TestTheOrderOfLinesAndCandidatesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centers, lines := someCenters(t), someLines(t)
		want := remittance.Propose(lines, centers, policy.Default())
		shuffled := rapid.Permutation(centers).Draw(t, "centers")
		for i, c := range shuffled {
			c.Charges, c.Payers = slices.Clone(c.Charges), slices.Clone(c.Payers)
			slices.Reverse(c.Charges)
			slices.Reverse(c.Payers)
			shuffled[i] = c
		}
		order := rapid.Permutation(rangeOf(len(lines))).Draw(t, "order")
		mixed := make([]remittance.Line, len(lines))
		for to, from := range order {
			mixed[to] = lines[from]
		}
		got := make([]remittance.Match, len(lines))
		for to, m := range remittance.Propose(mixed, shuffled, policy.Default()) {
			got[order[to]] = m
		}
		if diff := cmp.Diff(want, got, domaintest.Exact); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Whom a line names and what, and how sure that is, does not change with what
// else stands in the file; and a line that is alone designates the most.
func TestAConfidenceDoesNotDependOnOtherLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centers, lines := someCenters(t), someLines(t)
		for i, together := range remittance.Propose(lines, centers, policy.Default()) {
			alone := remittance.Propose(lines[i:i+1], centers, policy.Default())[0]
			if len(alone.Proposals) != len(together.Proposals) || alone.Reason != together.Reason {
				t.Fatalf("line %d alone: %+v, together: %+v", i, alone, together)
			}
			for n, p := range alone.Proposals {
				q := together.Proposals[n]
				if p.Center != q.Center || p.Confidence != q.Confidence {
					t.Fatalf("line %d alone: %s %d %%, together: %s %d %%", i, p.Center, p.Confidence, q.Center, q.Confidence)
				}
				if designated(p).Less(designated(q)) || !strings.HasPrefix(q.Reason.Chinese, p.Reason.Chinese) {
					t.Fatalf("line %d alone: %+v, together: %+v", i, p, q)
				}
				if designated(q).Less(designated(p)) && !strings.Contains(q.Reason.Chinese, "同一文件的来款") {
					t.Fatalf("line %d does not say what it is short of: %+v", i, q)
				}
			}
		}
	})
}

func designated(p remittance.Proposal) (sum money.Amount) {
	for _, d := range p.Designation {
		sum = sum.Add(d.Amount)
	}
	return sum
}

// Whatever is proposed, the account accepts: one line alone, and the best of all
// one after the other, those that designate charges first.
func TestWhatIsProposedCanBeBooked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centers, lines := someCenters(t), someLines(t)
		matches := remittance.Propose(lines, centers, policy.Default())
		order := rangeOf(len(lines))
		slices.SortStableFunc(order, func(i, j int) int {
			return stdcmp.Or(inTurn(lines[i], matches[i])-inTurn(lines[j], matches[j]),
				int(lines[i].ReceivedOn-lines[j].ReceivedOn), stdcmp.Compare(lines[i].Reference, lines[j].Reference))
		})
		for _, c := range centers {
			all := accountOf(c)
			for _, i := range order {
				for n, p := range matches[i].Proposals {
					if p.Center != c.Center {
						continue
					}
					book(t, accountOf(c), lines[i], p)
					if n == 0 {
						book(t, all, lines[i], p)
					}
				}
			}
		}
	})
}

// inTurn tells what is booked first, as the CLI does.
func inTurn(l remittance.Line, m remittance.Match) int {
	switch {
	case len(m.Proposals) == 0 || l.Waits:
		return 3
	case m.Proposals[0].Confidence <= 50:
		return 2
	case len(m.Proposals[0].Designation) == 0:
		return 1
	}
	return 0
}

func book(t *rapid.T, a *account.Account, l remittance.Line, p remittance.Proposal) {
	t.Helper()
	events, err := a.ReceivePayment(account.ReceivePayment{
		Payment: domain.PaymentID(l.Reference), Center: p.Center, BankReference: l.Reference, Payer: l.Payer + "某",
		Remark: l.Remark,
		Amount: l.Amount, ReceivedOn: l.ReceivedOn, Designation: p.Designation,
	}, policy.Default(), day("2026-08-01"))
	if err != nil {
		t.Fatalf("%+v of %+v: %v", p, l, err)
	}
	for _, e := range events {
		a.Evolve(e)
	}
}

func accountOf(c remittance.Candidate) *account.Account {
	a := &account.Account{}
	a.Evolve(account.AccountOpened{
		Center: c.Center, Name: c.Name, Terms: account.Terms{SameDueDate: account.ByChargeDate},
	})
	for _, ch := range c.Charges {
		a.Evolve(account.ChargeAccrued{
			Charge: ch.Charge, Center: c.Center, OccurredOn: ch.OccurredOn, DueOn: ch.DueOn, Money: money.Line{Gross: ch.Open},
		})
	}
	return a
}

func rangeOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func BenchmarkPropose(b *testing.B) {
	var centers []remittance.Candidate
	for i := range 200 {
		c := remittance.Candidate{
			Center: domain.CenterID(fmt.Sprintf("C%03d", i)), Name: fmt.Sprintf("第%d花园物业服务中心", i),
			Payers: []string{fmt.Sprintf("第%d物业公司", i)},
		}
		for n := range 100 {
			c.Projects = append(c.Projects[:min(n, 4)],
				remittance.Project{ID: domain.ProjectID(fmt.Sprintf("P%03d", i)), Name: fmt.Sprintf("第%d花园", i)})
			c.Charges = append(c.Charges,
				charge(fmt.Sprintf("SF-%d-%d", i, n), fmt.Sprint("P", i), "2026-05-01", fmt.Sprintf("%d.00", 100+(n*i)%37*10)))
		}
		centers = append(centers, c)
	}
	var lines []remittance.Line
	for i := range 1000 {
		l := line(fmt.Sprintf("第%d物业公司", i%400), fmt.Sprintf("维修费SF-%d-%d", i%200, i%100), fmt.Sprintf("%d.00", 1000+i))
		l.Reference = fmt.Sprint("S", i)
		lines = append(lines, l)
	}
	for b.Loop() {
		remittance.Propose(lines, centers, policy.Default())
	}
}

// A bank has several columns in which a payer may name what is paid.
func TestEveryTextOfALineIsSearched(t *testing.T) {
	inRemark := line("李某", "付SF-2026-0101", "150.00")
	elsewhere := line("李某", "转账", "150.00")
	elsewhere.Texts = []string{"转账", "网银", "付SF-2026-0101"}
	both := inRemark
	both.Texts = []string{"付SF-2026-0101", "转账"}
	for name, l := range map[string]remittance.Line{
		"in the remark": inRemark, "in another text": elsewhere, "in both": both,
	} {
		m := remittance.Propose([]remittance.Line{l}, []remittance.Candidate{hupan(), yunqi()}, policy.Default())[0]
		if len(m.Proposals) == 0 || m.Proposals[0].Center != "C01" || m.Proposals[0].Confidence != 97 ||
			strings.Count(m.Proposals[0].Reason.English, "SF-2026-0101") != 1 {
			t.Errorf("%s: %+v", name, m)
		}
	}
	again := elsewhere
	again.Reference = "again"
	sameSum := remittance.Candidate{Center: "C09", Name: "别处物业服务中心", Charges: yunqi().Charges[:1]}
	sameSum.Charges[0].Charge, sameSum.Charges[0].Open = "SF-2026-0901", yuan("150.00")
	for i, m := range remittance.Propose([]remittance.Line{inRemark, again}, []remittance.Candidate{sameSum, yunqi()},
		policy.Default()) {
		if len(m.Proposals) != 1 || m.Proposals[0].Center != "C01" || m.Proposals[0].Confidence != 97 ||
			(i == 1) != strings.Contains(m.Proposals[0].Reason.English, "SF-2026-0101 is taken by S1 of the same file") {
			t.Errorf("line %d of two that name one charge: %+v", i, m)
		}
	}
	c := yunqi()
	c.Payers = []string{remittance.Unnamed}
	if m := remittance.Propose([]remittance.Line{line(remittance.Unnamed, "", "3.33")}, []remittance.Candidate{c},
		policy.Default())[0]; len(m.Proposals) > 0 {
		t.Errorf("a payer whom the bank does not name is known again: %+v", m)
	}
}
