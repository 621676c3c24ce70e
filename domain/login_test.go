package domain_test

import (
	"strings"
	"testing"

	"aftersales-ledger/domain"
)

func TestOnePersonHasOneLogin(t *testing.T) {
	for _, written := range []string{"zhang.san", "Zhang.San", " ZHANG.SAN\t", "ｚｈａｎｇ．ｓａｎ", "\u3000zhang.san"} {
		if got := domain.Login(written); got != "zhang.san" {
			t.Errorf("%q is %q", written, got)
		}
	}
	// Signs whose lower case is not the way back from their upper case.
	for written, want := range map[string]string{"ſan": "san", "\u212a": "k", "王芳": "王芳", "": ""} {
		if got := domain.Login(written); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
}

func TestALoginIsOfLettersThatLookLikeNoOthers(t *testing.T) {
	for login, ok := range map[string]bool{
		"wang.fang": true, "王芳": true, "p001-lead_2": true, "2nd": true, strings.Repeat("王", 64): true,
		"": false, "Wang": false, " wang": false, ".wang": false, "wang fang": false, "wang/fang": false, "wang#2": false,
		"w\u0430ng": false, "\ufb01nn": false, "\uf9d1": false, "wang\u200d": false, "$all": false, "wang@vk.cn": false,
		strings.Repeat("王", 65): false, "wang\xff": false, "é": false, "ß": false, "①": false,
	} {
		if err := domain.CheckLogin("login", login); (err == nil) != ok {
			t.Errorf("%q: %v", login, err)
		}
	}
	for r := rune(0); r < 0x30000; r++ {
		// What is accepted is its own normal form, in lower case and when folded.
		if s := string(r); domain.CheckLogin("login", s) == nil && domain.Login(s) != s {
			t.Errorf("%q is accepted and becomes %q", s, domain.Login(s))
		}
	}
}
