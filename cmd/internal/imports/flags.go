package imports

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	lists "aftersales-ledger/api/imports"
	"aftersales-ledger/api/kit"
	moneyapi "aftersales-ledger/api/money"
)

// This file says to who sits at a terminal by which flag they do what a refusal of a file
// asks for. The ledger names what everybody can fill, and the value: （columns：金额=总价）.

var setting = regexp.MustCompile(`([（(])(columns|sheet|hidden|unknownParts)(?:(?:：|: )([^（）()]*))?([）)])`)

// withFlags names the flags of this tool in what the ledger said: （--columns '金额=总价'）.
func withFlags(said string) string {
	return setting.ReplaceAllStringFunc(said, func(found string) string {
		part := setting.FindStringSubmatch(found)
		var flag strings.Builder
		for _, letter := range part[2] {
			if unicode.IsUpper(letter) {
				flag.WriteByte('-')
			}
			flag.WriteRune(unicode.ToLower(letter))
		}
		if part[3] != "" {
			flag.WriteString(" '" + part[3] + "'")
		}
		return part[1] + "--" + flag.String() + part[4]
	})
}

// refusalWithFlags is a refusal of a file in this tool's own words.
func refusalWithFlags(err error) error {
	var refused *kit.Problem
	if errors.As(err, &refused) {
		refused.Detail = withFlags(refused.Detail)
		violationsWithFlags(refused.Violations)
	}
	return err
}

func violationsWithFlags(list []kit.Violation) {
	for i := range list {
		list[i].Rule = withFlags(list[i].Rule)
	}
}

func reportWithFlags(r lists.Report) lists.Report {
	for i := range r.Results {
		r.Results[i].Rule = withFlags(r.Results[i].Rule)
	}
	return r
}

func statementWithFlags(b moneyapi.BankStatementBody) moneyapi.BankStatementBody {
	for i := range b.Lines {
		violationsWithFlags(b.Lines[i].Faults)
		reason := &b.Lines[i].Reason
		reason.Chinese, reason.English = withFlags(reason.Chinese), withFlags(reason.English)
	}
	return b
}
