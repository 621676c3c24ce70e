package door

import (
	"context"
	"fmt"
	"time"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
)

// Letter is a mail to one person, with something in it that is for them alone: it is
// kept nowhere.
type Letter struct {
	To, Subject, Body string
}

// Post sends letters.
type Post interface {
	// Deliver returns when the letter has left.
	Deliver(ctx context.Context, l Letter) error
}

// until is a moment as people read it in a letter.
func until(t time.Time) string { return t.In(calendar.Shanghai).Format("2006-01-02 15:04") }

func invitationLetter(p user.Person, url string, end time.Time) Letter {
	return Letter{p.Mail, "售后台账：请设置登录密码", fmt.Sprintf(`%s：

您在售后台账的登录名是 %s。请打开下面的链接设置密码，只能用一次，%s 前有效，请勿转发：

%s

如果这与您无关，请不必理会。

You are let in to the after-sales ledger as %[2]s. Open the link to choose your password; it is good
once, until %[3]s. If this does not concern you, ignore it.
`, p.Name, p.Login, until(end), url)}
}

func codeLetter(l link, plain string, end time.Time) Letter {
	statement := ownerOfLinks(l.Center, l.Quarter)
	return Letter{l.Mail, "对账单 " + statement + " 验证码", fmt.Sprintf(`答复对账单 %s 的验证码：

    %s

%s 前有效，只能用一次。请在打开对账单的页面中输入；不要告诉任何人，我方人员也不会向您索取。
如果不是您在答复对账单，请联系我方区域行政，撤销答复链接。

Code to answer statement %[1]s: %[2]s
Good once, until %[3]s. Enter it on the page of the statement and tell it to nobody. If it was not you
who asked for it, tell the regional admin, who revokes the link.
`, statement, plain, until(end))}
}
