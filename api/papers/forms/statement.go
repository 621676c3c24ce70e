package forms

import (
	"fmt"
	"slices"
	"strings"

	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/eventstore/ledger"
)

// The replies of a statement, as they are counted.
const (
	agrees  = 1
	differs = 2
)

// Statement lays a statement (对账单) out.
func Statement(d ledger.StatementDocument) Form {
	s := d.Version.Statement
	f := Form{
		Title: "对账单", Subtitle: "Statement of account", Wide: true,
		Head: []Field{
			{"物业服务中心", fmt.Sprintf("%s（%s）", s.Name, s.Center)},
			{"期间", fmt.Sprintf("%s：%s 至 %s", s.Quarter, s.Quarter.First(), s.Quarter.Last())},
			{"编号", fmt.Sprintf("%s 第 %d 版", s.Statement, s.Version)},
			{"币种", "人民币（元）"},
		},
		Replies: []string{"核对一致", "核对不符，差异如下："},
		Signs:   []Field{{Label: "物业服务中心（盖章）"}, {Label: "负责人"}, {Label: "日期"}},
	}
	if d.Draft {
		f.Marks = "草稿"
		f.Head = append(f.Head, Field{"出具日期", "未出具"})
	} else {
		f.Head = append(f.Head, Field{"出具日期", d.Version.IssuedOn.String()}, Field{"请于此日前回复", d.Version.ReplyBy.String()},
			Field{"状态", names.Of(d.Status)})
		f.Seal = "内容校验 SHA-256 " + d.Version.ContentHash
	}
	switch d.Status {
	case account.SupersededStatus, account.ReopenedStatus:
		f.Marks = "作废"
	case account.ConfirmedStatus, account.PartlyConfirmed:
		f.Foot = append(f.Foot, Field{"回复", fmt.Sprintf("%s，%s，%s", names.Of(d.Status), d.AnsweredBy, d.AnsweredOn)}, came(d.Reply))
		f.Replied = agrees
		if d.Status == account.PartlyConfirmed {
			f.Replied, f.Replies[differs-1] = differs, "核对不符，差异见“争议及处理”"
		}
		f.Signs[1].Value, f.Signs[2].Value = d.AnsweredBy, d.AnsweredOn.String()
	case account.AwaitingReply:
		if !d.Draft {
			f.Foot = append(f.Foot, Field{"回复", "未答复"})
		}
	}
	disputed := make(map[string]bool)
	for _, w := range s.Awaiting {
		disputed[string(w.Charge)] = w.Disputed
	}
	own, late, moved := lines(s, disputed)
	f.Tables = append(f.Tables, own, late)
	if len(moved.Rows) > 0 {
		f.Tables = append(f.Tables, moved)
	}
	f.Tables = append(f.Tables, sums(s), awaiting(d))
	if !d.AnsweredOn.IsZero() {
		f.Tables = append(f.Tables, answered(d.Answered, s.Closing))
	}
	if len(d.Disputes) > 0 {
		f.Tables = append(f.Tables, disputes(d.Disputes))
	}
	f.Tables = append(f.Tables, aged(d))
	f.Foot = append([]Field{
		{"期末余额", s.Closing.String()},
		{"大写", s.Closing.Capitals()},
	}, f.Foot...)
	return f
}

// came says how the answer came, and of a stamped paper who entered it.
func came(r account.Reply) Field {
	text := names.Of(r.Came())
	if r.Way == account.OnPaper {
		text = fmt.Sprintf("%s，%s 签署，%s 录入，扫描件 %s", text, r.SignedOn, r.EnteredBy, r.Scan.Name)
	}
	return Field{"答复方式", text}
}

// lines lists the movements with the running balance. Those of earlier quarters
// stand in their own block, and so does what came or went with a project: it is
// nothing that was done or paid in the quarter.
func lines(s account.Statement, disputed map[string]bool) (own, late, moved Table) {
	columns := slices.Concat(dates("日期"), texts("类型", "单据", "项目", "房号", "摘要"), amounts("收费", "收款", "余额"), texts("争议"))
	own = Table{Title: "本期明细", Columns: columns}
	late = Table{
		Title: "补记以前期间", Columns: slices.Insert(slices.Clone(columns), 1, texts("所属期间")...),
	}
	moved = late
	moved.Title = "项目移交转入转出"
	balance := s.Opening
	own.Rows = append(own.Rows, []string{s.Quarter.First().String(), "期初余额", "", "", "", "", "", "", balance.String(), ""})
	row := func(m account.Movement) []string {
		balance = balance.Add(m.Amount)
		in, out := m.Amount.String(), ""
		if m.Amount.Sign() < 0 {
			in, out = "", m.Amount.Neg().String()
		}
		mark := ""
		if disputed[string(m.Charge)] {
			mark = "争议"
		}
		return []string{
			m.On.String(), names.Of(m.Type), m.Document, string(m.Project), m.Room, m.Text, in, out, balance.String(), mark,
		}
	}
	for _, m := range s.Lines {
		if _, isLate := m.Origin(); !isLate && !transferred(m) {
			own.Rows = append(own.Rows, row(m))
		}
	}
	for _, m := range s.Lines {
		if origin, isLate := m.Origin(); isLate && !transferred(m) {
			late.Rows = append(late.Rows, slices.Insert(row(m), 1, origin.String()))
		}
	}
	for _, m := range s.Lines {
		if transferred(m) {
			moved.Rows = append(moved.Rows, slices.Insert(row(m), 1, m.On.Quarter().String()))
		}
	}
	return own, late, moved
}

func transferred(m account.Movement) bool {
	return m.Type == account.TransferInMovement || m.Type == account.TransferOutMovement
}

func sums(s account.Statement) Table {
	t := s.Totals
	table := Table{Title: "汇总", Columns: slices.Concat(texts("项目"), amounts("金额"))}
	for _, r := range []struct {
		name   string
		amount money.Amount
	}{
		{"期初余额", s.Opening}, {"＋ 本期收费", t.Charges}, {"＋ 补记", t.Late}, {"＋ 转入", t.TransfersIn},
		{"－ 转出", t.TransfersOut}, {"－ 红冲", t.Credits}, {"－ 回款", t.Receipts}, {"＋ 退款退票", t.Reversals},
		{"＝ 期末余额", s.Closing}, {"本期应收（含税）", t.Charged()},
		{"其中税额（已减红冲，含转入转出）", t.Tax}, {"其中不含税额", t.NetOfTax()},
	} {
		table.Rows = append(table.Rows, []string{r.name, r.amount.String()})
	}
	return table
}

func awaiting(d ledger.StatementDocument) Table {
	t := Table{Title: "待确认明细", Columns: slices.Concat(
		texts("单据"), dates("日期"), texts("项目", "房号", "服务内容", "期间"), amounts("未收金额"), texts("说明"))}
	var open money.Amount
	for _, w := range d.Version.Statement.Awaiting {
		of := d.Charged[w.Charge]
		if of.TakenBack { // nothing of it is left to confirm or to dispute
			continue
		}
		mark := ""
		switch {
		case w.Disputed:
			mark = "争议"
		case w.Open.IsZero():
			mark = "已付清"
		}
		open = open.Add(w.Open)
		t.Rows = append(t.Rows,
			[]string{
				string(w.Charge), of.On.String(), string(w.Project), of.Room, of.Service, w.Origin.String(), w.Open.String(), mark,
			})
	}
	if len(t.Rows) > 0 {
		t.Total = []string{"合计", "", "", "", "", "", open.String(), ""}
	}
	return t
}

// answered shows how the center's answer makes the closing balance up.
func answered(a account.Answered, closing money.Amount) Table {
	t := Table{Title: "答复", Columns: slices.Concat(texts("项目"), amounts("金额"))}
	for _, r := range []struct {
		name   string
		amount money.Amount
	}{
		{"本次确认", a.Confirmed}, {"＋ 有争议", a.Disputed}, {"＋ 以前已确认", a.Before},
		{"－ 未核销款", a.Unapplied}, {"＝ 期末余额", closing}, {"争议项中已付", a.DisputedPaid},
	} {
		t.Rows = append(t.Rows, []string{r.name, r.amount.String()})
	}
	return t
}

// disputes shows each dispute and its end.
func disputes(all []account.DisputeCourse) Table {
	t := Table{
		Title: "争议及处理",
		Columns: slices.Concat(texts("单据"), dates("提出"), texts("提出人", "理由"), amounts("尚欠", "已付"), texts("处理"),
			dates("日期"), texts("说明"), amounts("红冲金额")),
	}
	var owed, paid, credited money.Amount
	for _, d := range all {
		note := ""
		if d.End == account.DisputeCredited {
			note, credited = d.Credited.String(), credited.Add(d.Credited)
		}
		t.Rows = append(t.Rows, []string{
			string(d.Charge), d.On.String(), d.By, d.Reason, d.Owed.String(), d.Paid.String(), names.Of(d.End),
			d.EndedOn.String(),
			strings.TrimSpace(d.Document + " " + d.EndReason), note,
		})
		owed, paid = owed.Add(d.Owed), paid.Add(d.Paid)
	}
	t.Total = []string{"合计", "", "", "", owed.String(), paid.String(), "", "", "", amountOrNone(credited)}
	return t
}

var bucketNames = [...]string{"未到期", "1–30天", "31–60天", "61–90天", "91–180天", "181–365天", "365天以上"}

// aged shows how late what makes up the closing balance is.
func aged(d ledger.StatementDocument) Table {
	t := Table{Title: fmt.Sprintf("账龄（截至 %s）", asOf(d.Through))}
	var row []string
	add := func(name string, amount money.Amount) {
		t.Columns, row = append(t.Columns, amounts(name)...), append(row, amount.String())
	}
	open := d.Ageing()
	for _, b := range ageing.Buckets() {
		add(bucketNames[b], open[b])
	}
	if !d.WrittenOff.IsZero() {
		add("账销案存", d.WrittenOff)
	}
	add("未核销款", d.Unapplied.Neg())
	add("合计", d.Closing())
	t.Rows = [][]string{row}
	return t
}

func asOf(q calendar.Quarter) calendar.Date { return q.Last() }
