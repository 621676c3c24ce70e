package bankfile

import (
	"regexp"
	"strconv"
	"strings"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/money"
)

// scope is the lines that a stated figure is of.
type scope uint8

const (
	whole      scope = iota // 合计: all lines
	section                 // 小计, 本页合计: those since the last such row
	sofar                   // 累计, 过次页: those so far, and perhaps others before them
	yearToDate              // 本年累计, 本月累计: of more than the file holds
)

// figure is what a file states of itself: a sum of money or a number of lines.
type figure struct {
	cell    string
	label   string
	field   string    // of the column under which it stands
	side    Direction // Unknown: of both
	isCount bool
	lines   int
	amount  money.Amount
	scope   scope
	at      int // lines above it; of a figure above the header, all
	carried bool
	orSide  Direction // a number of lines that may be of this side alone, or of both
}

var (
	// summaryWord begins a row that sums up, beside the words of every list.
	summaryWord = regexp.MustCompile(`^(?:总|合计|本期|本月|累计)?(?:贷方?|借方?|收入|支出|转入|转出|存入|支取|收款|付款|交易)(?:发生额?|金额)?(?:总|合计|总计|笔数|累计)|^(?:贷方|借方|收入|支出|不计收支|中性交易)[:共]?[0-9]+笔|^总?笔数|^总(?:收入|支出)|^记录条数|^(?:本年|本月|本页|当年|当月|年|月)?(?:累计|小计|合计|总计|共计)|(?i)^total`)
	// carriedWord begins a row that takes sums or a balance over from another page.
	carriedWord = regexp.MustCompile(`^(?:承前页?|承上页?|接上页|接前页|转下页|过次页|转次页|上页结转|结转下页|上期结转|上年结转|期初余额|上期余额|上日余额)`)
	// totalLabel stands before a figure that the file states of itself.
	totalLabel   = regexp.MustCompile(`合计|总计|共计|小计|累计|总额|总金额|总笔数|笔数|条数|总收入|总支出|发生额|^共$|^(?:贷方|借方|收入|支出|转入|转出|不计收支|中性交易)共?$|(?i)total|numbers?of|subtotal`)
	pageNumber   = regexp.MustCompile(`[第共] ?[0-9]+ ?页`)
	noTotal      = regexp.MustCompile(`页[数码次]|[第共总]页|^页$|次数|日期|时间|账号|帐号|行号|电话|利率|汇率|编号`)
	sectionLabel = regexp.MustCompile(`小计|本页|(?i)subtotal`)
	yearLabel    = regexp.MustCompile(`(?:本年|本月|当年|当月|年|月)累计`)
	countLabel   = regexp.MustCompile(`笔数|条数|总笔|(?i)numbers?of|totalnumber`)
	wholeNumber  = regexp.MustCompile(`^[0-9,]+(?:[.]0+)?$`) // WeChat counts 2.0 lines
	summaryLabel = regexp.MustCompile(`^(?:贷方|借方|收入|支出|转入|转出|收款|付款)(?:金额|笔数)$`)
	noSide       = regexp.MustCompile(`^(?:共|计|共计|金额|合计|总计)?$`)
	openingLabel = regexp.MustCompile(`期初余额|初期余额|起始余额|上期余额|上日余额|(?i)openingbalance`)
	closingLabel = regexp.MustCompile(`期末余额|末期余额|对账单余额|本期余额|期末结余|(?i)closingbalance`)
	balanceLabel = regexp.MustCompile(`余额|结余|(?i)balance`)
	accountLabel = regexp.MustCompile(`^(?:[*]?(?:本方|查询|银行|结算|账户|客户)?[账帐]号|账户号码?|[账帐]户账号|(?:支付宝|微信|商户)[账帐]?[户号]|卡号|商户号|微信商户号|支付宝账户)`)
	otherAccount = regexp.MustCompile(`对方|付款|收款|母|子公司`)
	currencyIs   = regexp.MustCompile(`^(?:账户)?(?:币种|币别|货币)$`)
)

// heads reads what stands above the header: whose account it is, in which money,
// and what the file states of itself. own is the account that a person named.
func (r *reader) heads(own string) {
	named := make(map[string]string) // account to its cell
	for _, row := range r.statement.Above {
		cells := row.Cells()
		for i, v := range cells {
			label, value, at := pairOf(cells, i)
			switch plain := plainLabel(label); {
			case accountLabel.MatchString(plain) && !otherAccount.MatchString(plain):
				if s := bankref.PlainAccount(strings.Trim(value, "[]【】() \t")); isAccount(s) {
					named[s] = at.Cell
				}
			case currencyIs.MatchString(plain) || sheet.CurrencyIn(v.Shown()) != "":
				if money := sheet.CurrencyIn(v.Shown()); money != "" {
					value, at = money, v
				}
				if _, err := at.Text(); err == nil && value != "" && !sheet.IsYuan(value) {
					r.refuse(v.Cell,
						domain.Invalid("currency", domain.Clip(value), "other-currency",
							"must be CNY: other money cannot be booked, and sums over both say nothing", "Money"))
				}
			}
		}
		r.stated(row)
		r.told(row, true)
	}
	if len(named) == 1 {
		for s, cell := range named {
			if own != "" && !bankref.SameAccount(own, s) {
				r.refuse(cell,
					domain.Invalid("ownAccount", s, "account-differs", "is the account of the statement, not %s that was given",
						"Money", own))
			}
			if own == "" || strings.Contains(own, "*") {
				own = s
			}
		}
	}
	r.statement.OwnAccount = own
}

// checkAccount refuses a file that goes on with the lines of another account.
func (r *reader) checkAccount(row sheet.Row) {
	cells := row.Cells()
	for i := range cells {
		label, value, at := pairOf(cells, i)
		s, own := bankref.PlainAccount(strings.Trim(value, "[]【】() \t")), r.statement.OwnAccount
		if plain := plainLabel(label); !accountLabel.MatchString(plain) || otherAccount.MatchString(plain) || !isAccount(s) ||
			bankref.SameAccount(s, own) {
			continue
		}
		r.refuse(at.Cell,
			domain.Invalid("ownAccount", s, "account-differs",
				"is another account than %s above; send the lines of each account as a file of its own", "Money", own))
	}
}

var someAccount = regexp.MustCompile(`^[0-9A-Za-z*@._]{4,40}$`)

func isAccount(s string) bool {
	return someAccount.MatchString(s) && strings.ContainsAny(s, "0123456789*") && bankref.CheckIdentity("1", s, 0) == nil
}

// pairOf takes a label and its value: from one cell, 账号：1234, or from two.
func pairOf(cells []sheet.Value, i int) (label, value string, at sheet.Value) {
	text := cells[i].Shown()
	if label, value, colon := strings.Cut(text, ":"); colon && strings.TrimSpace(value) != "" {
		return label, strings.TrimSpace(value), cells[i]
	}
	if i+1 < len(cells) {
		return text, cells[i+1].Shown(), cells[i+1]
	}
	return text, "", cells[i]
}

// plainLabel takes out of a label what it says in brackets, and blanks.
func plainLabel(s string) string {
	for _, mark := range []string{"[", "("} {
		if before, _, ok := strings.Cut(s, mark); ok && strings.TrimSpace(before) != "" {
			s = before
		}
	}
	return strings.TrimLeft(strings.TrimRight(strings.ReplaceAll(s, " ", ""), ":"), "#*")
}

var (
	totalSaid    = regexp.MustCompile(`合计|总计|共计|总额|净流入|净流出|净额`)
	capitalsSaid = regexp.MustCompile(`[壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}[元圆]`)
)

// told reads what a row that is no movement states, and names what seems to be a
// total and is understood as none.
func (r *reader) told(row sheet.Row, above bool) {
	figures, notes, balances, refused := len(r.figures), len(r.statement.NotCompared), len(r.balances), len(r.refused)
	opening, closing := r.opening, r.closing
	r.summary(row, above)
	if len(r.figures) != figures || len(r.statement.NotCompared) != notes || len(r.balances) != balances ||
		len(r.refused) != refused ||
		r.opening != opening || r.closing != closing {
		return
	}
	text := strings.ReplaceAll(row.Text(), " ", "")
	money := false
	for _, field := range []string{"credit", "debit", "amount"} {
		money = money || !above && !row.Value(field).Blank()
	}
	if capitalsSaid.MatchString(text) || money || totalSaid.MatchString(text) && strings.ContainsAny(text, "0123456789") {
		r.note("%s (%s): which lines it is the total of was not recognised", row.Text(), row.Place())
	}
}

// summary reads what a row that is no movement states: totals and numbers of
// lines, beside labels or under the columns they are of, and balances.
func (r *reader) summary(row sheet.Row, above bool) {
	carried := !above && isCarried(row)
	label, whole := "", rowScope(row, above)
	begun := false
	for _, v := range row.Cells() {
		text := v.Shown()
		found := sheet.Figures(pageNumber.ReplaceAllString(text, ""))
		field := r.fieldUnder(row, v, above)
		switch {
		case len(found) == 0 && (field == "" || totalLabel.MatchString(plainLabel(text))) || strings.TrimSpace(text) == "":
			label = plainLabel(text)
			begun = begun || totalLabel.MatchString(label)
		case len(found) == 1 && found[0].Label == "" && label != "" && (countLabel.MatchString(label) || field == "balance" &&
			sideOf(label) != Unknown):
			// a figure beside its label, whatever column it stands under
			found[0].Label = label
			begun = r.labelled(v, found[0], "", whole, above) || begun
			label = ""
		case field != "" && (begun || carried || isSummaryRow(row)) && onlyNumber(found):
			r.under(v, field, row, figure{label: label, scope: whole, carried: carried})
			label = ""
		default:
			side := Unknown // of the figures before it in the same cell
			for _, x := range found {
				if x.Label == "" {
					x.Label = label
				}
				if s := sideOf(x.Label); s != Unknown {
					side = s
				} else if noSide.MatchString(plainLabel(x.Label)) {
					r.sideBefore = side
				}
				begun = r.labelled(v, x, label, whole, above) || begun
			}
			label = ""
		}
	}
	if carried || !above && !row.Value("balance").Blank() && !begun {
		if after, err := row.Value("balance").Amount(); err == nil && !row.Value("balance").Blank() {
			r.brought(row.Value("balance").Cell, after)
		}
	}
}

// isCarried tells a row that takes sums or a balance over from another page.
func isCarried(row sheet.Row) bool {
	for _, v := range row.Cells() {
		if carriedWord.MatchString(strings.ReplaceAll(v.Shown(), " ", "")) {
			return true
		}
	}
	return false
}

func isSummaryRow(row sheet.Row) bool {
	for _, v := range row.Cells() {
		if totalLabel.MatchString(plainLabel(v.Shown())) {
			return true
		}
	}
	return false
}

// rowScope tells which lines the figures of a row are of.
func rowScope(row sheet.Row, above bool) scope {
	text := strings.ReplaceAll(row.Text(), " ", "")
	switch {
	case yearLabel.MatchString(text):
		return yearToDate
	case above:
		return whole
	case sectionLabel.MatchString(text):
		return section
	case strings.Contains(text, "累计"), isCarried(row):
		return sofar
	}
	return whole
}

func onlyNumber(found []sheet.Labelled) bool {
	return len(found) == 0 || len(found) == 1 && found[0].Label == "" && found[0].Unit != "笔" && found[0].Unit != "条"
}

// fieldUnder is the column of money under which a cell of a row below the header
// stands.
func (r *reader) fieldUnder(row sheet.Row, v sheet.Value, above bool) string {
	if above {
		return ""
	}
	for _, field := range []string{"credit", "debit", "amount", "balance"} {
		if row.Has(field) && row.Value(field).Cell == v.Cell {
			return field
		}
	}
	return ""
}

// under reads a sum that stands under the column it is of. Beside a label of one
// side it is of that side, whatever column it stands in.
func (r *reader) under(v sheet.Value, field string, row sheet.Row, f figure) {
	if field == "balance" {
		if f.label != "" && !f.carried {
			r.note("%s %s (%s): stands in the column of balances, and is no total of movements", f.label, v.Shown(), v.Cell)
		}
		return
	}
	a, err := row.Value(field).Amount()
	if err != nil {
		named := *rejectionOf(err)
		named.Field = field
		r.refuse(v.Cell, &named)
		return
	}
	if field == "debit" && r.columns.negative && a.Sign() < 0 {
		a = a.Neg()
	}
	f.cell, f.field, f.amount, f.at = v.Cell, field, a, len(r.statement.Lines)
	f.side = map[string]Direction{"credit": Incoming, "debit": Outgoing, "amount": r.columns.amountSide}[field]
	if side := sideOf(f.label); side != Unknown {
		f.side = side
	}
	r.figures = append(r.figures, f)
}

// labelled reads a figure with its label, in its cell or in the one before, and
// tells whether it states something of the file.
func (r *reader) labelled(v sheet.Value, x sheet.Labelled, before string, of scope, above bool) bool {
	label := plainLabel(x.Label)
	counts := x.Unit == "笔" || x.Unit == "条" || countLabel.MatchString(label) && wholeNumber.MatchString(x.Number)
	f := figure{cell: v.Cell, label: label, side: sideOf(label), isCount: counts, scope: of, at: len(r.statement.Lines)}
	if f.side == Unknown && r.sideBefore != Unknown {
		if counts {
			f.orSide = r.sideBefore
		} else {
			f.side = r.sideBefore
		}
	}
	r.sideBefore = Unknown
	if f.side == Unknown && before != "" && label != plainLabel(before) && !totalLabel.MatchString(label) {
		f.side = sideOf(before)
	}
	if above {
		f.at = len(r.movements)
	}
	if noTotal.MatchString(label) {
		return false
	}
	amount, err := sheet.ParseAmount(x.Number)
	switch {
	case err != nil:
		return false
	case f.side == Outgoing && r.columns.negative && amount.Sign() < 0:
		amount = amount.Neg()
	}
	switch {
	case openingLabel.MatchString(label):
		f.amount = amount
		r.opening = &f
		return false
	case closingLabel.MatchString(label):
		f.amount = amount
		r.closing = &f
		return false
	case balanceLabel.MatchString(label):
		r.note("%s %s (%s): is the balance when it was asked for, and is not compared with the lines", label, amount, v.Cell)
		return false
	case !totalLabel.MatchString(label) && !summaryLabel.MatchString(label) && !counts && !(before != "" &&
		totalLabel.MatchString(plainLabel(before))):
		return false
	case counts:
		whole, _, _ := strings.Cut(strings.ReplaceAll(x.Number, ",", ""), ".")
		n, err := strconv.Atoi(whole)
		if err != nil {
			return false
		}
		f.field, f.lines = "lines", n
	default:
		f.field, f.amount = "amount", amount
	}
	r.figures = append(r.figures, f)
	return true
}
