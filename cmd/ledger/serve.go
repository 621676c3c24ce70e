package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"aftersales-ledger/cmd/app"
)

type serveCmd struct {
	Listen string        `help:"Address to serve on." default:"127.0.0.1:8080" env:"LEDGER_LISTEN"`
	Drain  time.Duration `help:"How long requests under way may take after a stop signal." default:"15s" env:"LEDGER_DRAIN"`
}

func (serveCmd) Help() string {
	return `Commands are POSTs that carry a bearer token (see 'ledger token') and an
Idempotency-Key. The API is described by /openapi.json. /healthz answers while
the process serves, /readyz while the figures keep up with the log, /metrics
says how far they are behind.

On SIGINT or SIGTERM the server stops taking requests, finishes those under way
and the projector's batch, and closes the engines.`
}

func (s serveCmd) Run(ctx context.Context, c *cli) error {
	config := c.config()
	a, err := app.Open(ctx, config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	projecting, stopProjecting := context.WithCancel(context.WithoutCancel(ctx))
	projected := make(chan error, 1)
	go func() { projected <- a.Run(projecting) }()

	server := &http.Server{Handler: a.Handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	config.Logger.Info("serving", "address", "http://"+listener.Addr().String(), "openapi", "/openapi.json", "ready", "/readyz", "metrics", "/metrics")

	select {
	case err = <-served:
	case <-ctx.Done():
		config.Logger.Info("stopping", "drain", s.Drain)
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Drain)
		defer cancel()
		err = server.Shutdown(drain)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	stopProjecting()
	if err := errors.Join(err, <-projected, a.Close()); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	config.Logger.Info("stopped")
	return nil
}
