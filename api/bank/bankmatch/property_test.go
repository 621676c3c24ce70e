package bankmatch_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"aftersales-ledger/api/bank/bankfile"
	"aftersales-ledger/api/bank/bankmatch"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"

	moneyviews "aftersales-ledger/projections/money"
)

var firstDay, _ = calendar.ParseDate("2026-11-01")

// movement is what really happened at the bank.
type movement struct {
	day     int
	second  int
	fen     int64 // negative: it left
	payer   string
	remark  string
	serial  string
	balance int64 // after it
}

// bankOf is how one bank writes its exports: the same way every time, but for the
// dress of the file.
type bankOf struct {
	account                  string // stated in a preamble or a column; "" nowhere
	inColumn                 bool
	serials, times, balances bool
	form                     string // of the money: "sides", "word" or "sign"
	dateForm                 string
	headings                 map[string]string
	order                    []string // of the columns
	zeros                    bool     // 0.00 in the side that did not move
}

func drawBank(t *rapid.T, account string) bankOf {
	b := bankOf{
		account: account, inColumn: rapid.Bool().Draw(t, "account in a column"), serials: rapid.Bool().Draw(t, "serials"),
		times: rapid.Bool().Draw(t, "times"), balances: rapid.Bool().Draw(t, "balances"),
		zeros:    rapid.Bool().Draw(t, "zeros"),
		form:     rapid.SampledFrom([]string{"sides", "word", "sign"}).Draw(t, "form"),
		dateForm: rapid.SampledFrom([]string{"2006-01-02", "20060102", "2006/1/2", "2006年1月2日"}).Draw(t, "dates"),
	}
	pick := func(field string, names ...string) { b.headings[field] = rapid.SampledFrom(names).Draw(t, field) }
	b.headings = make(map[string]string)
	pick("on", "交易日期", "记账日期", "日期")
	pick("payer", "对方户名", "对方单位名称", "收(付)方名称", "对手信息")
	pick("remark", "附言", "交易附言", "摘要", "用途")
	if b.serials {
		pick("serial", "交易流水号", "流水号", "日 志 号")
	}
	if b.times {
		pick("time", "交易时间")
	}
	if b.balances {
		pick("balance", "余额", "账户余额", "余额（元）")
	}
	if b.inColumn && account != "" {
		pick("own", "本方账号", "账号")
	}
	switch b.form {
	case "sides":
		pick("credit", "贷方金额", "收入金额", "转入金额", "贷方发生额（收入）")
		pick("debit", "借方金额", "支出金额", "转出金额")
	default:
		pick("amount", "交易金额", "金额（元）", "发生额")
	}
	if b.form == "word" {
		pick("word", "借贷标志", "收支标识", "收/付", "类别")
	}
	for field := range b.headings {
		b.order = append(b.order, field)
	}
	slices.Sort(b.order)
	b.order = rapid.Permutation(b.order).Draw(t, "columns")
	return b
}

// drawMovements makes what happened at one account: some of it alike, some in
// batches under one number.
func drawMovements(t *rapid.T, prefix string) (all []movement) {
	balance := int64(1_000_000)
	for day := range 6 {
		for n := range rapid.IntRange(0, 4).Draw(t, "movements of a day") {
			m := movement{day: day, second: 36_000 + n*60, fen: int64(rapid.IntRange(1,
				4).Draw(t, "yuan")) * 100, payer: rapid.SampledFrom([]string{"银杏物业", "湖畔物业", "住户甲"}).Draw(t, "payer"),
				remark: rapid.SampledFrom([]string{"维修费", "移位费"}).Draw(t, "remark"), serial: fmt.Sprintf("%s%d%d", prefix, day, n)}
			if rapid.IntRange(0, 3).Draw(t, "out") == 0 {
				m.fen = -m.fen
			}
			if last := len(all) - 1; last >= 0 && all[last].day == day && m.fen > 0 && all[last].fen > 0 && rapid.IntRange(0,
				2).Draw(t, "alike") == 0 {
				m.serial = all[last].serial // a batch
				if rapid.Bool().Draw(t, "equal") {
					m.fen, m.payer, m.remark, m.second = all[last].fen, all[last].payer, all[last].remark, all[last].second
				}
			}
			balance += m.fen
			m.balance = balance
			all = append(all, m)
		}
	}
	return all
}

func yuan(fen int64) string { return money.Fen(fen).String() }

// export writes the movements of some days, whole days as banks do.
func (b bankOf) export(t *rapid.T, all []movement, from, to int) (file []byte, wrong bool) {
	var lines []movement
	for _, m := range all {
		if from <= m.day && m.day <= to {
			lines = append(lines, m)
		}
	}
	var rows [][]string
	var credits, debits, ins, outs int64
	for _, m := range lines {
		if m.fen > 0 {
			credits, ins = credits+m.fen, ins+1
		} else {
			debits, outs = debits-m.fen, outs+1
		}
	}
	if slip := rapid.IntRange(0, 9).Draw(t, "a slip in the totals"); slip == 0 {
		wrong, credits = true, credits+12_345
	}
	total := rapid.SampledFrom([]string{"", "", "above", "below", "columns", "one cell"}).Draw(t, "totals")
	if wrong && total == "" {
		total = "above"
	}
	if total == "columns" && b.form != "sides" {
		total = "below"
	}
	title := rapid.SampledFrom([]string{"", "交易明细", "某某银行账户明细查询"}).Draw(t, "title")
	if title != "" {
		rows = append(rows, []string{title})
	}
	if b.account != "" && !b.inColumn {
		rows = append(rows,
			rapid.SampledFrom([][]string{
				{"账号", b.account}, {"查询账号：" + b.account}, {"户名", "某公司", "银行账号", b.account},
			}).Draw(t, "account"))
	}
	if total == "above" {
		rows = append(rows, []string{"贷方发生总额", yuan(credits), "借方发生总额", yuan(debits)},
			[]string{"总笔数", fmt.Sprint(len(lines))})
	}
	var header []string
	for _, field := range b.order {
		header = append(header, b.headings[field])
	}
	rows = append(rows, header)
	if rapid.Bool().Draw(t, "newest first") && b.balances {
		slices.Reverse(lines)
	}
	dash := rapid.SampledFrom([]string{"", "--"}).Draw(t, "nothing")
	for i, m := range lines {
		if i > 0 && rapid.IntRange(0, 9).Draw(t, "the header again") == 0 {
			rows = append(rows, header)
		}
		cell := map[string]string{
			"on": (firstDay.AddDays(m.day)).Start().Format(b.dateForm), "time": fmt.Sprintf("%02d:%02d:%02d", m.second/3600, m.second/60%60, m.second%60),
			"payer": m.payer, "remark": m.remark, "serial": m.serial, "balance": yuan(m.balance), "own": b.account, "credit": dash, "debit": dash,
			"amount": yuan(max(m.fen, -m.fen)), "word": "贷",
		}
		if b.zeros {
			cell["credit"], cell["debit"] = "0.00", "0.00"
		}
		side := "credit"
		if m.fen < 0 {
			side, cell["word"] = "debit", "借"
		}
		cell[side] = cell["amount"]
		if b.form == "sign" {
			cell["amount"] = yuan(m.fen)
			if m.fen > 0 {
				cell["amount"] = "+" + cell["amount"]
			}
		}
		var row []string
		for _, field := range b.order {
			row = append(row, cell[field])
		}
		rows = append(rows, row)
	}
	switch total {
	case "below":
		rows = append(rows, []string{"贷方合计", yuan(credits), "借方合计", yuan(debits), fmt.Sprintf("共%d笔", len(lines))})
	case "one cell":
		rows = append(rows, []string{fmt.Sprintf("收入合计：%d笔，共%s元 支出合计：%d笔，共%s元", ins, yuan(credits), outs, yuan(debits))})
	case "columns":
		row := []string{}
		for _, field := range b.order {
			row = append(row, map[string]string{"credit": yuan(credits), "debit": yuan(debits)}[field])
		}
		if i := slices.Index(row, ""); i == 0 {
			row[0] = "合计"
		} else {
			row = append([]string{}, "贷方合计", yuan(credits))
		}
		rows = append(rows, row)
	}
	for range rapid.IntRange(0, 2).Draw(t, "notes") {
		rows = append(rows,
			[]string{rapid.SampledFrom([]string{"以下空白", "第1页 共1页", "制表人：赵六", "以上为全部交易", "温馨提示：仅供对账"}).Draw(t, "note")})
	}
	return dress(t, rows), wrong
}

// dress writes rows in some encoding and with some separator.
func dress(t *rapid.T, rows [][]string) []byte {
	separator := rapid.SampledFrom([]string{",", "\t", ";", "|"}).Draw(t, "separator")
	var text strings.Builder
	for _, row := range rows {
		text.WriteString(strings.Join(row, separator) + "\r\n")
	}
	switch rapid.SampledFrom([]string{"utf8", "bom", "gb", "utf16"}).Draw(t, "encoding") {
	case "bom":
		return append([]byte("\xef\xbb\xbf"), text.String()...)
	case "gb":
		out, _ := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text.String()))
		return out
	case "utf16":
		out, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text.String()))
		return out
	}
	return []byte(text.String())
}

// books is a ledger that books what is accepted, as package ledger does.
type books struct {
	references map[string]*bankref.Reference
	booked     map[string][]account.PaymentReceived
	names      map[domain.PaymentID]bool
}

func (b *books) book(t *rapid.T, l *bankmatch.Line) {
	if b.references[l.Reference] == nil {
		b.references[l.Reference] = &bankref.Reference{}
	}
	r := b.references[l.Reference]
	c := bankref.Content{
		Reference: l.Reference, OwnAccount: l.OwnAccount, Center: "C01", Payer: l.PayerNamed(), Remark: l.Remark,
		Amount: l.Amount, ReceivedOn: l.ReceivedOn, Place: l.Place,
	}
	if err := bankref.CheckIdentity(c.Reference, c.OwnAccount, c.Place); err != nil {
		t.Fatal(err)
	}
	events, err := r.Claim(bankref.BankReferenceClaimed{
		Payment: domain.PaymentID(l.Reference), Content: c, Apart: l.Apart,
	})
	if err != nil {
		t.Fatalf("row %d, %s, cannot be booked: %v", l.Row, l.Status, err)
	}
	for _, e := range events {
		r.Evolve(e)
		p := e.(bankref.BankReferenceClaimed)
		if b.names[p.Payment] {
			t.Fatalf("two payments are called %s", p.Payment)
		}
		b.names[p.Payment] = true
		b.booked[l.Reference] = append(b.booked[l.Reference], account.PaymentReceived{
			Payment: p.Payment, Center: "C01", BankReference: c.Reference, Payer: c.Payer, Remark: c.Remark, Amount: c.Amount,
			ReceivedOn: c.ReceivedOn,
			OwnAccount: c.OwnAccount, Place: c.Place,
		})
	}
}

// What is booked of a bank's exports, whatever their dress, in any order, again
// and with days in common, is every receipt once; or the file is refused. A
// question is answered by one who knows.
func TestEveryReceiptIsBookedOnceWhateverTheFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		accounts := rapid.SampledFrom([][]string{{""}, {"44201501"}, {"44201501", "62220202"}}).Draw(t, "accounts")
		ledger := &books{
			make(map[string]*bankref.Reference), make(map[string][]account.PaymentReceived), make(map[domain.PaymentID]bool),
		}
		want := make(map[string]int) // receipts, by what they are
		for i, own := range accounts {
			bank, all := drawBank(t, own), drawMovements(t, "S")
			seen := make([]bool, 6)
			for range rapid.IntRange(1, 4).Draw(t, "exports") {
				from := rapid.IntRange(0, 5).Draw(t, "from")
				to := rapid.IntRange(from, 5).Draw(t, "to")
				file, wrong := bank.export(t, all, from, to)
				s, err := bankfile.Read(file, bankfile.Options{})
				if err != nil {
					var refusal *bankfile.Contradiction
					var rejection *domain.Rejection
					switch {
					case wrong && errors.As(err, &refusal):
					case errors.As(err, &rejection) && rejection.Code == "direction-missing": // nothing came and left in those days
					default:
						t.Fatalf("%v\n%s", err, file)
					}
					continue
				}
				if wrong {
					t.Fatalf("a wrong total was taken: checked %v, not compared %v\n%s", s.Checked, s.NotCompared, file)
				}
				lines := bankmatch.Sort(s, firstDay.AddDays(100))
				bankmatch.Propose(lines, moneyviews.Debtors{Booked: ledger.booked}, policy.Default())
				for j := range lines {
					switch l := &lines[j]; l.Status {
					case bankmatch.New, bankmatch.Asked, bankmatch.Conflict:
						ledger.book(t, l)
					case bankmatch.Unreadable:
						t.Fatalf("row %d: %v\n%s", l.Row, l.Errors[0].Error(), bytes.ToValidUTF8(file, nil))
					}
				}
				for d := from; d <= to; d++ {
					seen[d] = true
				}
			}
			for _, m := range all {
				if m.fen > 0 && seen[m.day] {
					want[fmt.Sprint(i, m.day, m.fen, m.payer, m.remark)]++
				}
			}
		}
		got := make(map[string]int)
		for _, of := range ledger.booked {
			for _, p := range of {
				i := max(0, slices.Index(accounts, p.OwnAccount))
				got[fmt.Sprint(i, int(p.ReceivedOn-firstDay), p.Amount.Fen(), p.Payer, p.Remark)]++
			}
		}
		for what, n := range want {
			if got[what] != n {
				t.Fatalf("%s: %d receipts are booked as %d", what, n, got[what])
			}
		}
		for what := range got {
			if want[what] == 0 {
				t.Fatalf("%s is booked and never came", what)
			}
		}
	})
}
