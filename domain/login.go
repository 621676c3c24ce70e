package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Login is the one form of a person's unique name: trimmed, in narrow forms and
// in lower case. Zhang.San, zhang.san and ｚｈａｎｇ.ｓａｎ are one person; whoever
// compares two people compares their logins.
func Login(name string) string {
	return strings.Map(func(r rune) rune { return unicode.ToLower(r) }, Fold(strings.TrimSpace(name)))
}

// CheckLogin rejects what cannot be a login in its one form: it begins with a
// letter or digit and holds Latin letters, digits, Chinese characters, "-", "_"
// and ".", and at most 64 of them. Of other letters some look like these (а is
// Cyrillic, ﬁ is one sign): two people would look like one.
func CheckLogin(field, login string) error {
	bad := func(rule Sentence, args ...any) error {
		return Invalid(field, Clip(login), "bad-login", rule, "", args...)
	}
	switch {
	case login == "":
		return bad("must not be empty")
	case utf8.RuneCountInString(login) > maxIDLength:
		return bad("must be at most %d characters", maxIDLength)
	case login != Login(login):
		return bad("must be trimmed, in narrow forms and in lower case: %s", Login(login))
	}
	for i, r := range login {
		mark := r == '-' || r == '_' || r == '.'
		if !loginLetter(r) && (i == 0 || !mark) {
			return bad(`must begin with a letter or digit and hold only Latin letters, digits, Chinese characters, "-", "_" and "."`)
		}
	}
	return nil
}

// loginLetter tells the letters and digits of logins: each is its own
// compatibility form (NFKC), so that a login has one writing.
func loginLetter(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return true
	case r >= 0xf900 && r <= 0xfaff, r >= 0x2f800 && r <= 0x2fa1f: // compatibility ideographs
		return false
	}
	return unicode.IsLetter(r) && unicode.Is(unicode.Han, r)
}
