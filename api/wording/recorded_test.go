package wording

import "testing"

// What the log holds in English of why somebody was refused is said in the reader's
// language, with the names of people; what a person wrote stays.
func TestWhatWasRecordedInEnglishIsSaidInTheReadersLanguage(t *testing.T) {
	name := func(login string) string { return map[string]string{"wang.fang": "王芳"}[login] }
	for said, want := range map[string]string{
		"was submitted by wang.fang, and nobody reviews or approves their own submission":                        "由王芳（wang.fang）提交；任何人不得审批自己提交的内容",
		"was passed by wang.fang at TECH_GROUP already, and nobody decides at two gates":                         "已由王芳（wang.fang）在技术组主管环节通过；同一人不得审批两个环节",
		"has an arrival that is of li or was entered by them: nobody corrects what their own clock is read from": "这次到场由 li 到场或录入：任何人不得更正自己的到场时间",
		"was lent to tech.1 for the weekend":                                                                     "was lent to tech.1 for the weekend",
		"已退回":                                                                                                    "已退回",
		"":                                                                                                       "",
	} {
		text := NamingPeople(Recorded(said), name)
		if got := Chinese.Say(text); got != want {
			t.Errorf("%s: got %s", said, got)
		}
	}
	if got := English.Say(NamingPeople(Recorded("was filed by wang.fang, and nobody reviews or approves their own submission"),
		name)); got != "was filed by 王芳 (wang.fang), and nobody reviews or approves their own submission" {
		t.Error(got)
	}
}
