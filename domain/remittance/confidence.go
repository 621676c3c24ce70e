package remittance

import (
	"cmp"
	"slices"
	"strings"

	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// confidence is the table of the package comment, in percent: by level of
// identity, then by fit.
var confidence = [4][5]int{
	{0, 40, 0, 0, 0},
	{0, 80, 60, 45, 30},
	{97, 95, 85, 75, 60},
	{99, 97, 92, 85, 70},
}

// What a proposal is worth at most, in percent, and how near to the best one it
// must come to count as equally likely, in points.
const (
	atMostAlike    = 50
	atMostDisputed = 60
	equallyLikely  = 10
)

// propose puts together who paid and what for.
func (c *center) propose(l Line, id identity, f figure, rules policy.Policy) Proposal {
	reasons := id.reasons
	if id.level() == 0 {
		reasons = []Reason{{"付款人与附言均未指明中心，仅凭金额", "neither payer nor remark name a center; only the amount fits"}}
	}
	reasons = append(slices.Clip(reasons), f.reason)
	percent := confidence[id.level()][f.fit]
	if f.disputed {
		percent = min(percent, atMostDisputed)
		reasons = append(reasons, Reason{"其中有争议收费", "a charge among them is disputed"})
	}
	if r, ok := alike(c.Receipts, l, rules.DuplicateWindowDays); ok {
		percent = min(percent, atMostAlike)
		reasons = append(reasons, Reason{
			money.Sprintf("与 %s 的来款 %s（%s 元）付款人、附言、金额相同，疑似重复", r.ReceivedOn, r.Payment, r.Amount),
			money.Sprintf("payer, remark and amount are those of %s of %s, %s: a possible duplicate", r.Payment, r.ReceivedOn,
				r.Amount),
		})
	}
	return Proposal{
		Center: c.Center, Designation: f.designation, Confidence: percent, Reason: sentence(reasons), Names: id.charges,
		Compared: f.of,
	}
}

// rank puts the likeliest first and lowers all where several are equally so.
func rank(proposals []Proposal) []Proposal {
	slices.SortStableFunc(proposals, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Center, b.Center))
	})
	n := 1
	for n < len(proposals) && proposals[n].Confidence >= proposals[0].Confidence-equallyLikely {
		n++
	}
	var rivals []string
	for _, p := range proposals[:n] {
		rivals = append(rivals, string(p.Center))
	}
	for i := range proposals {
		p := &proposals[i]
		if n == 1 {
			break
		}
		p.Confidence = max(1, p.Confidence/n)
		if i < n {
			others := listed(slices.DeleteFunc(slices.Clone(rivals), func(id string) bool { return id == string(p.Center) }))
			p.Reason.Chinese += money.Sprintf("但 %s 同样可能。", others)
			p.Reason.English += money.Sprintf(" But %s is equally likely.", others)
		}
	}
	return proposals[:min(len(proposals), MostProposals)]
}

// sentence joins reasons.
func sentence(reasons []Reason) (s Reason) {
	var chinese, english []string
	for _, r := range reasons {
		chinese, english = append(chinese, r.Chinese), append(english, r.English)
	}
	s.Chinese, s.English = strings.Join(chinese, "；")+"。", strings.Join(english, "; ")+"."
	s.English = strings.ToUpper(s.English[:1]) + s.English[1:]
	return s
}

// nobody says why a line is nobody's.
func nobody(l Line) Reason {
	if l.Payer == "" {
		return Reason{
			money.Sprintf("银行未列付款人，附言未指明中心、项目或收费，%s 元也不是个别中心的欠款。", l.Amount),
			money.Sprintf("The bank names no payer, the remark no center, project or charge, and %s is not what one center owes.",
				l.Amount),
		}
	}
	return Reason{
		money.Sprintf("付款人“%s”不是中心，也未曾付款；附言未指明中心、项目或收费；%s 元也不是个别中心的欠款。", l.Payer, l.Amount),
		money.Sprintf("Payer %q is no center and has not paid before; the remark names no center, project or charge; and %s is not what one center owes.", l.Payer, l.Amount),
	}
}
