package forms

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"aftersales-ledger/domain"
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
	made := d.Stands()
	own, late, moved := lines(d)
	f.Tables = append(f.Tables, own, late)
	if len(moved.Rows) > 0 {
		f.Tables = append(f.Tables, moved)
	}
	f.Tables = append(f.Tables, sums(s))
	f.Tables = append(f.Tables, makeup(d, made)...)
	f.Tables = append(f.Tables, disputes(d, made)...)
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

// marks say of each charge that was disputed that it is, and how that ended.
func marks(d ledger.StatementDocument) map[domain.ChargeID]string {
	all := make(map[domain.ChargeID]string)
	for _, c := range d.Disputes {
		all[c.Charge] = "争议，" + names.Of(c.End) + wentTo(c.Departure)
	}
	return all
}

// wentTo says to which center a charge went with its project, and its number there.
func wentTo(d account.Departure) string {
	if d.To == "" {
		return ""
	}
	return fmt.Sprintf("（至 %s，在该中心编号 %s）", d.To, d.There)
}

// goesOn says of a charge that left with its project that its dispute goes on where it went.
func goesOn(d account.Departure) string {
	if !d.Disputed {
		return ""
	}
	return "争议由 " + string(d.To) + " 继续处理"
}

// lines lists the movements with the running balance. Those of earlier quarters
// stand in their own block, and so does what came or went with a project: it is
// nothing that was done or paid in the quarter.
func lines(d ledger.StatementDocument) (own, late, moved Table) {
	s, marked := d.Version.Statement, marks(d)
	columns := slices.Concat(dates("日期"), texts("类型", "单据", "项目", "房号", "摘要"), amounts("增加", "减少", "余额"), texts("争议"))
	own = Table{Title: "本期明细", Columns: columns}
	late = Table{
		Title: "补记以前期间", Columns: slices.Insert(slices.Clone(columns), 1, texts("所属期间")...),
	}
	moved = late
	moved.Title = "项目移交转入转出"
	balance := s.Opening
	own.Rows = append(own.Rows, []string{s.Quarter.First().String(), "期初余额", "", "", "", "", "", "", balance.String(), ""})
	list := func(t *Table, of func(account.Movement) bool, origin func(account.Movement) []string) {
		var more, less money.Amount
		for _, m := range s.Lines {
			if !of(m) {
				continue
			}
			balance = balance.Add(m.Amount)
			in, out := m.Amount.String(), ""
			if m.Amount.Sign() < 0 {
				in, out, less = "", m.Amount.Neg().String(), less.Sub(m.Amount)
			} else {
				more = more.Add(m.Amount)
			}
			went, _ := d.Departed(m)
			t.Rows = append(t.Rows, slices.Insert([]string{
				m.On.String(), names.Of(m.Type), papersOf(m), string(m.Project), cmp.Or(m.Room, d.Charged[m.Charge].Room),
				m.Text + wentTo(went), in, out, balance.String(), cmp.Or(goesOn(went), marked[m.Charge]),
			}, 1, origin(m)...))
		}
		if len(t.Rows) > 0 {
			t.Total = slices.Concat([]string{"合计"}, make([]string, len(t.Columns)-5),
				[]string{more.String(), less.String(), balance.String(), ""})
		}
	}
	isLate := func(m account.Movement) bool { _, late := m.Origin(); return late }
	list(&own, func(m account.Movement) bool { return !isLate(m) && !transferred(m) },
		func(account.Movement) []string { return nil })
	list(&late, func(m account.Movement) bool { return isLate(m) && !transferred(m) },
		func(m account.Movement) []string { origin, _ := m.Origin(); return []string{origin.String()} })
	list(&moved, transferred, func(m account.Movement) []string { return []string{m.On.Quarter().String()} })
	return own, late, moved
}

// papersOf names the document of a movement and, below it, the charge that it is about where
// that is another: a credit note, or what went with a project (§5.3.4).
func papersOf(m account.Movement) string {
	if c := string(m.Charge); c != "" && c != m.Document {
		return m.Document + "\n" + c
	}
	return m.Document
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

// owing is the columns that show what was owed at the quarter's end and what has become
// of it by the makeup's day: those that say something.
type owing struct {
	names  []string
	values func(account.Owing) []money.Amount
}

func owingColumns(day string, made account.Makeup) owing {
	all := made.Receivable()
	column := []struct {
		name  string
		shown bool
		value func(account.Owing) money.Amount
	}{
		{"期末欠款", true, func(o account.Owing) money.Amount { return o.Owed }},
		{"期后回款", false, func(o account.Owing) money.Amount { return o.Paid }},
		{"期后红冲", false, func(o account.Owing) money.Amount { return o.Credited }},
		{"期后转出", false, func(o account.Owing) money.Amount { return o.Moved }},
		{day + "未付", false, func(o account.Owing) money.Amount { return o.Open }},
		{"其中账销案存", !all.WrittenOff.IsZero(), func(o account.Owing) money.Amount { return o.WrittenOff }},
	}
	each := slices.Concat([]account.Owing{all, made.Before}, owingsOf(made.Parts))
	for i := 1; i <= 3; i++ {
		came := slices.ContainsFunc(each, func(o account.Owing) bool { return !column[i].value(o).IsZero() })
		column[i].shown, column[4].shown = came, column[4].shown || came
	}
	column = slices.DeleteFunc(column, func(c struct {
		name  string
		shown bool
		value func(account.Owing) money.Amount
	}) bool {
		return !c.shown
	})
	o := owing{values: func(o account.Owing) (values []money.Amount) {
		for _, c := range column {
			values = append(values, c.value(o))
		}
		return values
	}}
	for _, c := range column {
		o.names = append(o.names, c.name)
	}
	return o
}

func owingsOf(parts []account.BalancePart) (all []account.Owing) {
	for _, p := range parts {
		all = append(all, p.Owing)
	}
	return all
}

func (o owing) texts(of account.Owing) (texts []string) {
	for _, a := range o.values(of) {
		texts = append(texts, a.String())
	}
	return texts
}

// makeup shows how the closing balance is made up: line by line what the center is asked
// to confirm, or what it said of it, and then with what it confirmed before.
func makeup(d ledger.StatementDocument, made account.Makeup) []Table {
	day, list, whole := "出具日", "待确认明细", "期末余额构成"
	answered := !d.AnsweredOn.IsZero()
	switch {
	case answered:
		day, list, whole = "答复日", "答复明细", "答复"
	case d.Draft:
		day = "今日"
	}
	columns := owingColumns(day, made)
	when := fmt.Sprintf("（期末 %s）", d.Version.Quarter.Last())
	if len(columns.names) > 1 {
		when = fmt.Sprintf("（期末 %s；期后指此日之后至%s %s）", d.Version.Quarter.Last(), day, made.On)
	}
	note := "说明"
	if answered {
		note = "答复"
	}
	lines := Table{Title: list + when, Columns: slices.Concat(
		texts("单据"), dates("日期"), texts("项目", "房号", "服务内容", "入账期间"), amounts(columns.names...), texts(note))}
	marked := marks(d)
	for _, p := range made.Parts {
		mark := saidOf(p, marked[p.Charge])
		if p.Owing == (account.Owing{}) && marked[p.Charge] == "" {
			continue // nothing of it is left to confirm or to dispute
		}
		of := d.Charged[p.Charge]
		lines.Rows = append(lines.Rows, slices.Concat(
			[]string{string(p.Charge), of.On.String(), string(p.Project), of.Room, of.Service, p.Origin.String()},
			columns.texts(p.Owing), []string{mark}))
	}
	if len(lines.Rows) > 0 {
		lines.Total = slices.Concat([]string{"合计", "", "", "", "", ""},
			columns.texts(made.Sum(func(account.BalancePart) bool { return true })), []string{""})
	}
	sum := Table{Title: whole + when, Columns: slices.Concat(texts("项目"), amounts(columns.names...))}
	row := func(name string, of account.Owing) {
		sum.Rows = append(sum.Rows, slices.Concat([]string{name}, columns.texts(of)))
	}
	only := func(name string, of money.Amount) { // at the quarter's end
		r := make([]string, len(sum.Columns))
		r[0], r[1] = name, of.String()
		sum.Rows = append(sum.Rows, r)
	}
	if answered {
		row("本次确认", made.Said(account.ConfirmedBy))
		row("＋ 有争议", made.Said(account.DisputedBy))
	} else {
		row("待确认", made.Said(account.Awaits))
		if len(d.Disputes) > 0 {
			row("　其中有争议", made.Disputed())
		}
	}
	row("＋ 以前已确认", made.Before)
	row("＝ 收费欠款合计", made.Receivable())
	only("－ 未核销款", made.Unapplied)
	only("＝ 期末余额", made.Closing)
	if paid := made.Said(account.DisputedBy).Settled; !paid.IsZero() {
		only("争议项中期末前已付（不在余额内）", paid)
	}
	return []Table{lines, sum}
}

// saidOf is what is to be said of a charge: what the center says of it, and how its
// dispute stands; else why nothing of it is open.
func saidOf(p account.BalancePart, dispute string) string {
	switch {
	case p.Word == account.ConfirmedBy && dispute != "":
		return "确认（" + dispute + "）"
	case dispute != "":
		return dispute
	case p.Word == account.ConfirmedBy && p.Owed.IsZero() && p.Settled.Sign() > 0:
		return "确认，已付清"
	case p.Word == account.ConfirmedBy:
		return "确认"
	case !p.Open.IsZero():
		return ""
	case p.Credited.Sign() > 0:
		return "已红冲"
	case p.Moved.Sign() > 0:
		return "已转出"
	case p.Settled.Sign() > 0 || p.Paid.Sign() > 0:
		return "已付清"
	}
	return ""
}

// disputes shows what is disputed, as much as the makeup says, and apart from it what
// had ended before.
func disputes(d ledger.StatementDocument, made account.Makeup) (tables []Table) {
	owed := make(map[domain.ChargeID]account.BalancePart, len(made.Parts))
	for _, p := range made.Parts {
		owed[p.Charge] = p
	}
	standing, ended := d.Disputed()
	course := func(c account.DisputeCourse, owing ...string) []string {
		note := ""
		if c.End == account.DisputeCredited {
			note = c.Credited.String()
		}
		return slices.Concat([]string{string(c.Charge), c.On.String(), c.By, c.Reason}, owing, []string{
			names.Of(c.End), c.EndedOn.String(),
			strings.TrimSpace(c.Document+wentTo(c.Departure)+" "+c.EndReason) + goesOn(c.Departure), note,
		})
	}
	head, tail := slices.Concat(texts("单据"), dates("提出"), texts("提出人", "理由")),
		slices.Concat(texts("处理"), dates("处理日期"), texts("说明"), amounts("红冲金额"))
	if len(standing) > 0 {
		t := Table{Title: "争议及处理", Columns: slices.Concat(head, amounts("期末欠款", "期末前已付"), tail)}
		var credited money.Amount
		var sum account.Owing
		for _, c := range standing {
			p := owed[c.Charge]
			t.Rows = append(t.Rows, course(c, p.Owed.String(), p.Settled.String()))
			credited, sum = credited.Add(c.Credited), sum.Add(p.Owing)
		}
		t.Total = []string{"合计", "", "", "", sum.Owed.String(), sum.Settled.String(), "", "", "", amountOrNone(credited)}
		tables = append(tables, t)
	}
	if len(ended) > 0 {
		t := Table{Title: "已了结的争议", Columns: slices.Concat(head, tail)}
		if !d.AnsweredOn.IsZero() {
			t.Title = "答复前已了结的争议"
		}
		for _, c := range ended {
			t.Rows = append(t.Rows, course(c))
		}
		tables = append(tables, t)
	}
	return tables
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
