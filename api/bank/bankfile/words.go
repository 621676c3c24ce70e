package bankfile

import (
	"regexp"
	"strings"
	"unicode"
)

// directions are the words by which banks say which way money went.
var directions = func() map[string]Direction {
	m := make(map[string]Direction)
	for d, words := range map[Direction]string{
		Incoming: "贷 贷方 贷记 收 收方 收入 收款 转入 存入 汇入 进账 来账 入 c cr credit in incoming receipt deposit +",
		Outgoing: "借 借方 借记 支 付 付方 支出 付款 转出 支取 取出 汇出 往账 出 d dr debit out outgoing payment withdrawal -",
		Neither:  "不计收支 其他 其它 中性 中性交易 /",
	} {
		for _, w := range strings.Fields(words) {
			m[w] = d
		}
	}
	return m
}()

// directionOf reads a word of direction, in one language or two: 贷, 贷 Cr, 收入.
// Words that contradict one another are none.
func directionOf(s string) (Direction, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if d, known := directions[s]; known {
		return d, true
	}
	of := Unknown
	for _, w := range wordsIn(s) {
		d, known := directions[w]
		if !known || of != Unknown && of != d {
			return Unknown, false
		}
		of = d
	}
	return of, of != Unknown
}

// wordsIn takes a text apart where letters end and where the script changes.
func wordsIn(s string) (words []string) {
	var word []rune
	end := func() {
		if len(word) > 0 {
			words, word = append(words, string(word)), nil
		}
	}
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r):
			end()
			continue
		case len(word) > 0 && unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, word[0]):
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}

// Words of the heading of a column of money, or of a label before a sum, by the
// side that they are of.
var (
	creditWord  = regexp.MustCompile(`贷|收入|收款|收方|转入|存入|汇入|进账|来账|(?i)credit|deposit|incoming`)
	debitWord   = regexp.MustCompile(`借|支出|付款|付方|转出|支取|汇出|往账|(?i)debit|withdrawal|outgoing`)
	neitherWord = regexp.MustCompile(`不计收支|中性交易`)
)

// sideOf tells of which side a label is: Unknown is both.
func sideOf(label string) Direction {
	label = strings.ReplaceAll(label, " ", "")
	credit, debit := creditWord.MatchString(label), debitWord.MatchString(label)
	switch {
	case neitherWord.MatchString(label):
		return Neither
	case credit && !debit:
		return Incoming
	case debit && !credit:
		return Outgoing
	}
	return Unknown
}

// States of a transaction, as banks and payment services write them.
var (
	standingState = regexp.MustCompile(`^(?:交易成功|支付成功|付款成功|收款成功|转账成功|提现成功|充值成功|成功|已成功|正常|已收钱|对方已收钱|已存入零钱|已转入零钱.*|已转账|朋友已收钱|已到账|提现已到账|充值完成|已入账|已记账|记账成功|完成|已完成|交易完成|(?i)success|succeeded|completed|normal|posted)$`)
	closedState   = regexp.MustCompile(`关闭|失败|已?撤销|已?取消|作废|等待|处理中|待付款|待确认|未支付|未到账|(?i)closed|failed|cancelled|canceled|pending`)
	refundedState = regexp.MustCompile(`退款|退还|退回|退票|退汇|(?i)refund|returned`)
	reversedState = regexp.MustCompile(`冲正|冲销|冲账|红冲|抹账|错账|(?i)revers`)
)

// natureOf reads the state of a transaction.
func natureOf(state string) (n Nature, known bool) {
	switch s := strings.ReplaceAll(state, " ", ""); {
	case s == "" || standingState.MatchString(s):
		return Standing, true
	case reversedState.MatchString(s):
		return Reversed, true
	case refundedState.MatchString(s):
		return Refunded, true
	case closedState.MatchString(s):
		return Closed, true
	}
	return Standing, false
}

// reversalMark reads 冲账标志: what a line has that takes another back.
func reversalMark(s string) (reversed, known bool) {
	switch strings.ToLower(strings.ReplaceAll(s, " ", "")) {
	case "", "n", "no", "否", "0", "正常", "正", "未冲正", "非冲正", "蓝", "蓝字", "false", "normal":
		return false, true
	case "y", "yes", "是", "1", "*", "冲", "冲正", "冲账", "冲销", "红", "红字", "红冲", "抹账", "被冲正", "已冲正", "true", "r":
		return true, true
	}
	return false, false
}

// reversalText tells a payment that takes a receipt back from one that we made.
var reversalText = regexp.MustCompile(`冲正|冲销|红冲|抹账|错账|退汇|退票`)
