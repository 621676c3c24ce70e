package notice

import (
	"fmt"
	"strings"
	"unicode"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
)

// Language is one that notices are written in.
type Language string

// The languages. A notice speaks one of them: its reader's.
const (
	Chinese Language = "zh"
	English Language = "en"
)

// Words are a text in each language.
type Words struct{ Chinese, English string }

// In returns the text in a language; in Chinese for one that is not known.
func (w Words) In(l Language) string {
	if l == English {
		return w.English
	}
	return w.Chinese
}

// Text is what a notice says.
type Text struct {
	Subject Words // one line
	Body    Words // lines end with \n
}

// Digest puts notices about needs of one project into one letter, in the order
// in which they came; its footer names each of them.
func Digest(list []Notice) (Text, Words) {
	place := join(list[0].Named, string(list[0].Place.Project))
	body := say("下列报修请安排处理。", "Please attend to the needs below.").end()
	facts := func(body string) string { // all but the first sentence
		_, rest, _ := strings.Cut(body, "\n\n")
		return rest
	}
	for i, n := range list {
		body.Chinese += fmt.Sprintf("%d. %s\n%s\n", i+1, n.Subject.Chinese, facts(n.Body.Chinese))
		body.English += fmt.Sprintf("%d. %s\n%s\n", i+1, n.Subject.English, facts(n.Body.English))
	}
	needs := "1 need"
	if len(list) > 1 {
		needs = fmt.Sprintf("%d needs", len(list))
	}
	return Text{subject("报修汇总 "+place+" 共 "+items(len(list)).Chinese, needs+" of "+place), body}, footer(list[0], list[1:]...)
}

// maxSubject bounds a subject, in characters: names that people typed are part
// of it.
const maxSubject = 160

// letter is a text in the making, in both languages side by side.
type letter struct{ zh, en strings.Builder }

// subject is what stands above a letter, on one line.
func subject(zh, en string) Words {
	cut := func(s string) string {
		r := []rune(oneLine(s))
		if len(r) > maxSubject {
			r = append(r[:maxSubject-1], '…')
		}
		return string(r)
	}
	return Words{cut(zh), cut(en)}
}

// whose adds to a subject whose matter it is, where it does not say so: the
// project, or the center, or the region.
func (c Context) whose(s Words) Words {
	for _, of := range []struct{ name, id string }{
		{c.ProjectName, string(c.Project)}, {c.CenterName, string(c.Center)}, {c.Region, c.Region},
	} {
		if of.id == "" {
			continue
		}
		name := of.name
		if name == "" {
			name = of.id
		}
		if !strings.Contains(s.Chinese, name) {
			s.Chinese += "（" + name + "）"
		}
		if !strings.Contains(s.English, of.id) {
			s.English += " (" + of.id + ")"
		}
		break
	}
	return subject(s.Chinese, s.English)
}

// say begins a letter with what it is about.
func say(zh, en string) *letter {
	l := &letter{}
	fmt.Fprintf(&l.zh, "%s\n\n", oneLine(zh))
	fmt.Fprintf(&l.en, "%s\n\n", oneLine(en))
	return l
}

// fact adds a line with a label, Chinese and then English; one without a value
// is left out. The value is the same in both languages, or Words.
func (l *letter) fact(label string, value any) *letter {
	w, ok := value.(Words)
	if !ok {
		text := fmt.Sprint(value)
		w = Words{text, text}
	}
	return l.line(labelled(label), w)
}

func (l *letter) line(label, value Words) *letter {
	if text := oneLine(value.Chinese); text != "" {
		fmt.Fprintf(&l.zh, "%s：%s\n", label.Chinese, text)
	}
	if text := oneLine(value.English); text != "" {
		fmt.Fprintf(&l.en, "%s: %s\n", label.English, text)
	}
	return l
}

// labelled splits a label into its two languages; one that does not begin in
// Chinese is the same in both.
func labelled(label string) Words {
	indent := label[:len(label)-len(strings.TrimLeft(label, " "))]
	zh, en, ok := strings.Cut(strings.TrimLeft(label, " "), " ")
	if !ok || !strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return Words{label, label}
	}
	return Words{indent + zh, indent + en}
}

// where adds what the context knows of the place.
func (l *letter) where(c Context) *letter {
	l.fact("物业服务中心 Center", join(c.CenterName, string(c.Center)))
	l.fact("项目 Project", join(c.ProjectName, string(c.Project)))
	return l
}

func (l *letter) end() Words { return Words{l.zh.String(), l.en.String()} }

// counted is a number of things.
func counted(n int, zh, one, many string) Words {
	en := many
	if n == 1 {
		en = one
	}
	return Words{fmt.Sprintf("%d %s", n, zh), fmt.Sprintf("%d %s", n, en)}
}

// quarterName is a quarter as people write it.
func quarterName(q calendar.Quarter) Words {
	return Words{fmt.Sprintf("%d年第%d季度", q.Year(), q.Number()), q.String()}
}

// halfName is a half-year as people write it.
func halfName(h calendar.Half) Words {
	name := "下半年"
	if h.Last().FirstHalf() {
		name = "上半年"
	}
	return Words{fmt.Sprintf("%d年%s", h.Last().Year(), name), h.String()}
}

func items(n int) Words { return counted(n, "项", "item", "items") }

// version names a version of a statement.
func version(statement string, n int) Words {
	return Words{fmt.Sprintf("%s 第 %d 版", statement, n), fmt.Sprintf("%s, version %d", statement, n)}
}

func join(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// oneLine makes text that people typed fit for one line of a letter or of a
// header: whatever breaks or hides a line becomes a space.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// role is what a role is called, in words.
func role(r domain.Role) Words {
	return Words{names.Of(r), strings.Replace(strings.ReplaceAll(string(r), "-", " "), "hq ", "HQ ", 1)}
}

// then are words after others.
func (w Words) then(more Words) Words {
	return Words{join(w.Chinese, more.Chinese), join(w.English, more.English)}
}

// person is who a login stands for: what they were called on the day, where that is
// known, and the login.
func (c Context) person(login string) Words {
	if c.Called == nil || c.Called(login) == "" {
		return Words{login, login}
	}
	name := c.Called(login)
	return Words{name + "（" + login + "）", name + " (" + login + ")"}
}
