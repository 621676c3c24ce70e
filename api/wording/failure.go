package wording

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"aftersales-ledger/domain"
)

// Error says an error to people. What of it has words of its own is said in them: a
// refusal, a failure, what the operating system answers. The rest stands as it is.
func (l Language) Error(err error) string {
	if l == English {
		return err.Error()
	}
	if said, ok := l.saidWhole(err); ok {
		return said
	}
	said := err.Error()
	for _, part := range parts(err) {
		said = strings.Replace(said, part.Error(), l.Error(part), 1)
	}
	return said
}

// saidWhole says an error that has words for all of it.
func (l Language) saidWhole(err error) (said string, ok bool) {
	switch e := err.(type) {
	case *domain.Failure:
		if e.Cause == nil {
			return l.Say(e.What), true
		}
		return l.Say(e.What) + "：" + l.Error(e.Cause), true
	case *domain.Rejection:
		return l.Refusal(e), true
	case *fs.PathError:
		return answered(e.Path, e.Err)
	case *net.OpError:
		if e.Addr != nil {
			return answered(e.Addr.String(), e.Err)
		}
	case syscall.Errno:
		return answered("", e)
	}
	switch err {
	case context.DeadlineExceeded:
		return "等待超时", true
	case context.Canceled:
		return "已中止", true
	}
	return "", false
}

// parts are the errors that an error was made of.
func parts(err error) []error {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return []error{inner}
		}
	}
	return nil
}

// answered is what the operating system answered about something.
func answered(what string, err error) (said string, ok bool) {
	var code syscall.Errno
	if !errors.As(err, &code) {
		return "", false
	}
	if said, ok = answers[code]; ok && what != "" {
		said = what + "：" + said
	}
	return said, ok
}

var answers = map[syscall.Errno]string{
	syscall.ENOENT: "没有这个文件或目录", syscall.EACCES: "没有权限", syscall.EPERM: "没有权限", syscall.EEXIST: "已存在",
	syscall.ENOTDIR: "路径中有一段不是目录", syscall.EISDIR: "是目录，不是文件", syscall.ENOSPC: "磁盘已满",
	syscall.EROFS: "文件系统只读", syscall.EMFILE: "打开的文件过多", syscall.EADDRINUSE: "地址已被占用",
	syscall.EADDRNOTAVAIL: "本机没有这个地址", syscall.ECONNREFUSED: "对方拒绝连接", syscall.ETIMEDOUT: "等待超时",
}
