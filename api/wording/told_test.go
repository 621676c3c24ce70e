package wording

import (
	"testing"

	"aftersales-ledger/domain"
)

// What a refusal names and is not there is followed by what is there and is nearest, by its
// number or by what it is called.
func TestAReferenceToWhatIsNotThereOffersTheNearest(t *testing.T) {
	there := []domain.Existing{
		{NamedID: domain.NamedID{ID: "LABOUR", Name: "人工费"}}, {NamedID: domain.NamedID{ID: "MOV-VI", Name: "室内机移位"}},
		{NamedID: domain.NamedID{ID: "MOV-RD", Name: "读卡器移位"}}, {NamedID: domain.NamedID{ID: "ACT-VI", Name: "对讲开通"}},
	}
	for asked, want := range map[string]string{
		"MOV-VX": "项目内容（item）“MOV-VX”：不是已登记的项目；最接近的有：MOV-VI 室内机移位、MOV-RD 读卡器移位、ACT-VI 对讲开通",
		"室内移位":   "项目内容（item）“室内移位”：不是已登记的项目；最接近的有：MOV-VI 室内机移位、MOV-RD 读卡器移位、ACT-VI 对讲开通",
	} {
		r := domain.NotFound("item", asked, "unknown-item", "is not a registered project").Among(there)
		if got := Chinese.Refusal(r); got != want {
			t.Errorf("%s", got)
		}
	}
	r := domain.NotFound("quote", "Q", "unknown-quote", "is not a registered project").Among(there[:1])
	if got := English.Refusal(r); got != `quote "Q" is not a registered project; the nearest are LABOUR 人工费` {
		t.Error(got)
	}
	r.Value = "LABOUR" // it is there by now, and was not at the moment asked about
	if got := English.Refusal(r); got != `quote "LABOUR" is not a registered project` {
		t.Error(got)
	}
}

// Whoever is named in a refusal by their login is named as on papers.
func TestARefusalNamesPeopleBesideTheirLogins(t *testing.T) {
	name := func(login string) string { return map[string]string{"wang.fang": "王芳", "同名": "同名"}[login] }
	r := domain.Conflict("payment", "S1", "x", "has bounced already, as %s recorded: there is nothing left to do", "",
		"wang.fang")
	r.Rule = NamingPeople(r.Rule, name)
	for say, want := range map[Language]string{
		Chinese: "回款编号（payment）“S1”：已由王芳（wang.fang）登记退票，无须再办",
		English: `payment "S1" has bounced already, as 王芳 (wang.fang) recorded: there is nothing left to do`,
	} {
		if got := say.Refusal(r); got != want {
			t.Errorf("%s: %s", say, got)
		}
	}
	inside := NamingPeople(domain.Say("%v", domain.Say("by %s and %s and %s", "wang.fang", "同名", "nobody")), name)
	if got := inside.String(); got != "by 王芳 (wang.fang) and 同名 and nobody" {
		t.Error(got)
	}
}

// A field is called as the records call it that a request is about, down to its last part.
func TestAFieldIsCalledAsTheRecordsOfItsRoomCallIt(t *testing.T) {
	for room, want := range map[string]string{
		"projects/depot/transfer-receipts": "发出项目（from）", "projects/rosters": "起始日期（from）", "": "起始日期（from）",
	} {
		if got := Chinese.FieldIn(room, "from"); got != want {
			t.Errorf("%s: %s", room, got)
		}
	}
	if got := Chinese.FieldIn("findings/assign", "lines[1].owner"); got != "第 2 行责任人（lines[1].owner）" {
		t.Error(got)
	}
}
