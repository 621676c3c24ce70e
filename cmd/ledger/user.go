package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/kit"
	usersapi "aftersales-ledger/api/users"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/imports"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore/ledger"
)

type userCmd struct {
	Init      userInitCmd      `cmd:"" help:"Make the first administrator of a ledger, and print their password once."`
	Add       userAddCmd       `cmd:"" help:"Make a user."`
	List      userListCmd      `cmd:"" help:"List users with what is granted to them."`
	Show      userShowCmd      `cmd:"" help:"Show one user, with all that was decided on them."`
	Change    userChangeCmd    `cmd:"" help:"Change a user's name, mail address or telephone."`
	Invite    userInviteCmd    `cmd:"" help:"Ask a user to sign in for the first time, or anew after a password was lost."`
	Grant     userGrantCmd     `cmd:"" help:"Give a user a role, as far as it reaches, from a day to a day."`
	Withdraw  userWithdrawCmd  `cmd:"" help:"End a grant before its time."`
	Suspend   userSuspendCmd   `cmd:"" help:"Keep a user out, at once."`
	Reinstate userReinstateCmd `cmd:"" help:"Let a suspended user in again."`
	Link      userLinkCmd      `cmd:"" help:"Have a user sign in by the identity provider, too."`
	Unlink    userUnlinkCmd    `cmd:"" help:"Take back that a user signs in by the identity provider."`
	Passkeys  userPasskeysCmd  `cmd:"" name:"reset-passkeys" help:"Remove a user's passkeys, who has lost theirs, and end their sessions."`
	Import    userImportCmd    `cmd:"" set:"role=administrator" help:"用户清单: make users and grant roles from CSV or XLSX."`
}

func (userCmd) Help() string {
	return `People sign in as users. What they may do is granted to them: a role, and how far
it reaches, which is named as the role is measured:

` + reachHelp() + `
An administrator makes users, grants and withdraws; nobody grants themselves
anything, and the last administrator stays. Every change says who made it and why.`
}

// reachHelp lists the roles by how they are measured.
func reachHelp() string {
	var b strings.Builder
	for _, k := range []struct {
		kind access.Kind
		flag string
	}{
		{access.OfCompany, "the whole company"}, {access.OfRegions, "--region 华东"}, {access.OfCities, "--city 杭州"},
		{access.OfProjects, "--project P001"}, {access.OfOneCenter, "--center C01"},
	} {
		var roles []string
		for _, r := range domain.Roles() {
			if access.KindOf(r) == k.kind {
				roles = append(roles, string(r))
			}
		}
		fmt.Fprintf(&b, "  %-18s %s\n", k.flag, strings.Join(roles, ", "))
	}
	return b.String()
}

// administering is how a tool for users reaches the ledger.
type administering struct {
	Server string `help:"Address of the running server. Where none answers, the engines in DATA are opened." default:"http://127.0.0.1:8080" env:"LEDGER_SERVER"`
	Token  string `help:"API token of an administrator. Default: the machine's owner acts." env:"LEDGER_TOKEN"`
	As     string `help:"Who acts without --token." default:"console"`
}

func (a administering) connect(ctx context.Context, c *cli) (*client.Client, func() error, error) {
	return connection{Server: a.Server, Token: a.Token, As: a.As, Role: string(domain.Administrator)}.connect(ctx, c)
}

// post sends a command on users and says what came of it.
func (a administering) post(ctx context.Context, c *cli, path string, body any, answer any) (err error) {
	cl, release, err := a.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return send(ctx, c, cl, path, body, answer)
}

func send(ctx context.Context, c *cli, cl *client.Client, path string, body, answer any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	raw, err := cl.Download(ctx, client.Request{
		Method: http.MethodPost, Path: "/v1/users" + path, Key: "user-" + rand.Text(), Body: data,
	})
	if err != nil {
		return err
	}
	var receipt kit.Receipt
	if err := json.Unmarshal(raw, &receipt); err != nil {
		return err
	}
	if answer != nil {
		if err := json.Unmarshal(raw, answer); err != nil {
			return err
		}
	}
	done := c.label("已办理 done")
	if len(receipt.Recorded) == 0 {
		done = c.label("无变化 nothing to change")
	}
	return c.became(receipt.ID, done)
}

func of(login, what string) string { return "/" + url.PathEscape(login) + what }

type userAddCmd struct {
	administering
	Login  string `arg:"" help:"Such as wang.fang; in lower case."`
	Name   string `arg:"" help:"姓名, as papers write it."`
	Mail   string `help:"Mail address, one person's."`
	Phone  string `help:"Telephone."`
	Reason string `help:"Why." default:"新增用户"`
}

func (u userAddCmd) Run(ctx context.Context, c *cli) error {
	return u.post(ctx, c, "", map[string]string{
		"login": u.Login, "name": u.Name, "mail": u.Mail, "phone": u.Phone, "reason": u.Reason,
	}, nil)
}

type userChangeCmd struct {
	administering
	Login  string  `arg:""`
	Name   *string `help:"姓名."`
	Mail   *string `help:"Mail address; empty: none any more."`
	Phone  *string `help:"Telephone; empty: none any more."`
	Reason string  `required:"" help:"Why."`
}

func (u userChangeCmd) Run(ctx context.Context, c *cli) (err error) {
	cl, release, err := u.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	var is usersapi.UserHistoryBody
	if err := cl.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/users" + of(u.Login, "")}, &is); err != nil {
		return err
	}
	for _, f := range []struct {
		to   *string
		said *string
	}{{&is.Name, u.Name}, {&is.Mail, u.Mail}, {&is.Phone, u.Phone}} {
		if f.said != nil {
			*f.to = *f.said
		}
	}
	return send(ctx, c, cl, of(u.Login, "/details"), map[string]string{
		"name": is.Name, "mail": is.Mail, "phone": is.Phone, "reason": u.Reason,
	}, nil)
}

type userInviteCmd struct {
	administering
	Login  string `arg:""`
	Revoke bool   `help:"End the invitation that they have."`
	Reason string `help:"Why." default:"首次登录"`
}

func (userInviteCmd) Help() string {
	return `Where the server mails links (--public-url) and the user has a mail address, the
invitation goes there and nobody else sees it; elsewhere its secret is printed, once, to be passed on.
It is good once; asked for again, the one before is over.`
}

func (u userInviteCmd) Run(ctx context.Context, c *cli) error {
	if u.Revoke {
		return u.revoke(ctx, c)
	}
	var answer usersapi.InvitationBody
	if err := u.post(ctx, c, of(u.Login, "/invitations"), reason(u.Reason), &answer); err != nil {
		return err
	}
	if answer.Mailed != "" {
		_, err := fmt.Printf("%s %s\n%s %s\n", c.label("已寄到 mailed to"), answer.Mailed, c.label("有效至 good until"), answer.Until)
		return err
	}
	if answer.Secret == "" {
		return nil
	}
	_, err := fmt.Printf("%s %s\n%s %s\n", c.label("邀请码（仅显示一次） invitation, shown this once:"), answer.Secret,
		c.label("有效至 good until"), answer.Until)
	return err
}

func (u userInviteCmd) revoke(ctx context.Context, c *cli) (err error) {
	cl, release, err := u.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	body, err := json.Marshal(reason(u.Reason))
	if err != nil {
		return err
	}
	raw, err := cl.Download(ctx, client.Request{
		Method: http.MethodPost, Path: "/v1/users" + of(u.Login, "/invitations/revocation"), Key: "user-" + rand.Text(),
		Body: body,
	})
	if err != nil {
		return err
	}
	var out usersapi.RevokedInvitationBody
	if err := json.Unmarshal(raw, &out); err != nil {
		return err
	}
	done := c.label("已撤销 revoked")
	if !out.Revoked {
		done = c.label("没有未使用的邀请 there is none")
	}
	return c.became(u.Login, done)
}

func reason(why string) map[string]string { return map[string]string{"reason": why} }

type userGrantCmd struct {
	administering
	Login   string   `arg:""`
	Role    string   `arg:"" help:"Such as regional-admin."`
	Region  []string `help:"Regions, of a role that is measured by them."`
	City    []string `help:"Cities."`
	Project []string `help:"Projects."`
	Center  []string `help:"The property center that the person belongs to."`
	From    string   `help:"First day. Default: today."`
	Until   string   `help:"Last day. Default: open."`
	Reason  string   `required:"" help:"Why."`
}

func (userGrantCmd) Help() string { return "Roles, by how their reach is named:\n\n" + reachHelp() }

func (u userGrantCmd) Run(ctx context.Context, c *cli) error {
	return u.post(ctx, c, of(u.Login, "/grants"), map[string]any{
		"role": u.Role, "company": access.KindOf(domain.Role(u.Role)) == access.OfCompany, "regions": u.Region, "cities": u.City,
		"projects": u.Project, "centers": u.Center, "from": u.From, "until": u.Until, "reason": u.Reason,
	}, nil)
}

type userWithdrawCmd struct {
	administering
	Login  string `arg:""`
	Grant  int    `arg:"" help:"Number of the grant, as 'ledger user show' lists it."`
	From   string `help:"The first day without it. Default: today."`
	Reason string `required:"" help:"Why."`
}

func (u userWithdrawCmd) Run(ctx context.Context, c *cli) error {
	return u.post(ctx, c, of(u.Login, fmt.Sprintf("/grants/%d/withdrawal", u.Grant)),
		map[string]string{"from": u.From, "reason": u.Reason}, nil)
}

type userSuspendCmd struct {
	administering
	Login  string `arg:""`
	Reason string `required:"" help:"Why."`
}

func (u userSuspendCmd) Run(ctx context.Context, c *cli) error {
	return u.post(ctx, c, of(u.Login, "/suspension"), reason(u.Reason), nil)
}

type userReinstateCmd struct {
	administering
	Login  string `arg:""`
	Reason string `required:"" help:"Why."`
}

func (u userReinstateCmd) Run(ctx context.Context, c *cli) error {
	return u.post(ctx, c, of(u.Login, "/reinstatement"), reason(u.Reason), nil)
}

type userLinkCmd struct {
	administering
	Login   string `arg:""`
	Subject string `arg:"" help:"Whom the provider knows them as: 'sub' in its tokens; a refused sign-in names it in the audit of the door."`
	Issuer  string `required:"" name:"oidc-issuer" help:"Address of the provider, as for 'ledger serve'." env:"LEDGER_OIDC_ISSUER" placeholder:"URL"`
	Reason  string `required:"" help:"Why."`
}

func (u userLinkCmd) Run(ctx context.Context, c *cli) error {
	return u.post(ctx, c, of(u.Login, "/identities"), u.body(), nil)
}

func (u userLinkCmd) body() map[string]string {
	return map[string]string{"issuer": u.Issuer, "subject": u.Subject, "reason": u.Reason}
}

type userUnlinkCmd struct{ userLinkCmd }

func (u userUnlinkCmd) Run(ctx context.Context, c *cli) error {
	return u.post(ctx, c, of(u.Login, "/identities/removal"), u.body(), nil)
}

type userPasskeysCmd struct {
	administering
	Login  string `arg:""`
	Reason string `required:"" help:"Why."`
}

func (u userPasskeysCmd) Run(ctx context.Context, c *cli) (err error) {
	cl, release, err := u.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	data, err := json.Marshal(map[string]string{"login": u.Login, "reason": u.Reason})
	if err != nil {
		return err
	}
	raw, err := cl.Download(ctx, client.Request{Method: http.MethodPost, Path: "/v1/door/passkey-resets", Body: data})
	if err != nil {
		return err
	}
	var out door.PasskeysReset
	if err := json.Unmarshal(raw, &out); err != nil {
		return err
	}
	return c.became(u.Login, fmt.Sprintf(c.label("已清除%d个通行密钥 passkeys removed: %d"), out.Removed))
}

type userListCmd struct {
	administering
	Role      string `help:"Only who holds it on the day."`
	Region    string `help:"Only who holds a grant that names it."`
	City      string `help:"As --region."`
	Project   string `help:"As --region."`
	Center    string `help:"As --region."`
	Suspended bool   `help:"Only who is suspended."`
	Text      string `help:"Only whose login, name, mail address or telephone has it."`
	On        string `help:"Business date on which a grant counts. Default: today."`
}

func (u userListCmd) Run(ctx context.Context, c *cli) (err error) {
	cl, release, err := u.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	params := url.Values{"limit": {"1000"}}
	for name, value := range map[string]string{
		"role": u.Role, "region": u.Region, "city": u.City, "project": u.Project, "center": u.Center, "text": u.Text, "on": u.On,
		"suspended": onlyTrue(u.Suspended),
	} {
		if value != "" {
			params.Set(name, value)
		}
	}
	var all []usersapi.UserBody
	on := ""
	for {
		var page usersapi.UserListBody
		if err := cl.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/users?" + params.Encode()},
			&page); err != nil {
			return err
		}
		all, on = append(all, page.Rows...), page.On
		if page.Next == "" {
			break
		}
		params.Set("cursor", page.Next)
	}
	c.printUsers(all, on)
	return nil
}

func (c *cli) printUsers(all []usersapi.UserBody, on string) {
	var rows []table.Row
	for _, u := range all {
		var held []string
		for _, g := range u.Grants {
			if g.InForce {
				held = append(held, word(c, domain.Role(g.Role))+" "+c.reach(g.Reach))
			}
		}
		state := ""
		if u.Suspended {
			state = c.label("停用 suspended")
		}
		rows = append(rows, table.Row{u.Login, u.Name, state, strings.Join(held, "\n"), u.Mail, u.Phone})
	}
	c.grid(fmt.Sprintf("%s · %s %s", c.label("用户 Users"), c.label("截至 as of"), on), table.Row{
		"登录名\nlogin", "姓名\nname", "状态\nstate", "角色与范围\nroles", "邮箱\nmail", "电话\nphone",
	}, rows, table.Row{c.label("合计 total"), len(all)})
}

// reach writes how far a grant reaches.
func (c *cli) reach(r usersapi.ReachBody) string {
	if r.Company {
		return c.label("全公司 company")
	}
	return strings.Join(slices.Concat(r.Regions, r.Cities, r.Projects, r.Centers), "、")
}

type userShowCmd struct {
	administering
	Login string `arg:""`
	On    string `help:"Business date on which a grant is in force or not. Default: today."`
}

func (u userShowCmd) Run(ctx context.Context, c *cli) (err error) {
	cl, release, err := u.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	var is usersapi.UserHistoryBody
	path := "/v1/users" + of(u.Login, "")
	if u.On != "" {
		path += "?on=" + url.QueryEscape(u.On)
	}
	if err := cl.Fetch(ctx, client.Request{Method: http.MethodGet, Path: path}, &is); err != nil {
		return err
	}
	c.printUser(is)
	return nil
}

func (c *cli) printUser(u usersapi.UserHistoryBody) {
	state := ""
	if u.Suspended {
		state = " · " + c.label("停用 suspended")
	}
	var grants []table.Row
	for _, g := range u.Grants {
		ended := g.Until
		if w := g.Withdrawn; w != nil {
			ended = fmt.Sprintf("%s %s（%s）", c.label("撤销自 withdrawn from"), w.From, w.Reason)
		}
		grants = append(grants, table.Row{
			g.Grant, word(c, domain.Role(g.Role)), c.reach(g.Reach), g.From, ended, tick(g.InForce), named(g.By, g.ByName),
			g.Reason,
		})
	}
	c.grid(fmt.Sprintf("%s %s%s · %s %s", u.Login, u.Name, state, u.Mail, u.Phone), table.Row{
		"序号\ngrant", "角色\nrole", "范围\nreach", "首日\nfrom", "末日\nuntil", "有效\nin force", "授权人\nby", "事由\nreason",
	}, grants, nil, 1)
	var steps []table.Row
	for _, s := range u.Steps {
		what := []string{s.Name, s.Mail, s.Phone}
		if s.Grant > 0 {
			what = append(what, fmt.Sprintf("#%d", s.Grant), word(c, domain.Role(s.Role)), s.From, s.Until)
		}
		what = slices.DeleteFunc(what, func(s string) bool { return s == "" })
		steps = append(steps, table.Row{
			minute(s.RecordedAt), word(c, names.Event(s.Event)), strings.Join(what, " "), named(s.By, s.ByName), s.Reason,
		})
	}
	c.grid(c.label("经过 History"), table.Row{"时间\nat", "事项\nwhat", "内容\ndetails", "办理人\nby", "事由\nreason"}, steps, nil)
}

// meet takes up what the people of an answer are called.
func (c *cli) meet(answer []byte) {
	if c.people == nil {
		c.people = make(map[string]string)
	}
	maps.Copy(c.people, kit.PeopleIn(answer))
}

// person is who has a login, as tables name them.
func (c *cli) person(login string) string { return named(login, c.people[login]) }

// ownerOf is whom something is assigned to: a person, or whoever has a role.
func (c *cli) ownerOf(owner string) string {
	if c.people[owner] != "" {
		return c.person(owner)
	}
	return word(c, domain.Role(owner))
}

// named is a person's name with their login.
func named(login, name string) string {
	if name == "" {
		return login
	}
	return name + "（" + login + "）"
}

type userImportCmd struct {
	listCmd
	Reason string `help:"Why, where no column says. Default: 导入用户清单."`
}

func (userImportCmd) Help() string {
	return fmt.Sprintf(listHelp, "  登录名 姓名 邮箱 电话 角色 范围 起始日期 截止日期 事由",
		"users need administrator, which is taken unless --token or --role says otherwise") + `

A person who holds several roles has a row for each. 角色 is a role's code or its
Chinese name, 范围 what it reaches: 华东、华南 of a region's, 杭州 of a city's, P001、P002
of a project's, C01 of a center's, nothing of a function of the company.`
}

func (i userImportCmd) Run(ctx context.Context, c *cli) error {
	return i.send(ctx, c, imports.Users, imports.Options{More: map[string]string{"reason": i.Reason}})
}

type userInitCmd struct {
	Login  string `arg:"" help:"Such as admin; in lower case."`
	Name   string `arg:"" help:"姓名."`
	Mail   string `help:"Mail address."`
	Phone  string `help:"Telephone."`
	Reason string `help:"Why." default:"账本启用"`
}

func (userInitCmd) Help() string {
	return `For a ledger that has no users yet; no server may be running on an embedded log.
The password is printed once, kept nowhere in the clear, and changed at the first
sign-in.`
}

// founder is who begins the users: the machine's owner, with this command.
var founder = domain.Actor{Name: "user-init", Role: domain.Administrator}

func (u userInitCmd) Run(ctx context.Context, c *cli) (err error) {
	l, store, err := app.OpenLedger(ctx, c.config())
	if err != nil {
		return err
	}
	begin := user.Begin{Create: user.Create{Login: u.Login, Name: u.Name, Mail: u.Mail, Phone: u.Phone, Reason: u.Reason}}
	_, err = ledger.Do(ctx, l, ledger.Request{Key: "user-init-" + rand.Text(), Actor: founder}, begin, (*user.Users).Begin)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	password, err := givePassword(ctx, c, u.Login)
	if err != nil {
		return err
	}
	_, err = fmt.Printf("%s %s\n%s %s\n", c.label("系统管理员 administrator:"), domain.Login(u.Login),
		c.label("密码（仅显示一次） password, shown this once:"), password)
	return err
}

// givePassword gives a user of the data folder a random password.
func givePassword(ctx context.Context, c *cli, login string) (_ string, err error) {
	d, release, err := app.OpenDoor(ctx, c.config(), nil)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, release()) }()
	return d.GivePassword(ctx, login)
}
