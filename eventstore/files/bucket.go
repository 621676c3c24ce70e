package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"aftersales-ledger/domain/attachment"
)

// bucket keeps each content as an object of an S3-compatible store.
type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

const amazon = "https://s3.amazonaws.com"

func openBucket(ctx context.Context, location string) (*bucket, error) {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("attachments: %q names no bucket, such as s3://ledger?endpoint=https://minio.example",
			location)
	}
	asked := u.Query()
	for name := range asked {
		if name != "endpoint" && name != "region" {
			return nil, fmt.Errorf("attachments: s3://%s: %q is not known; endpoint and region are", u.Host, name)
		}
	}
	at := asked.Get("endpoint")
	if at == "" {
		at = amazon
	}
	endpoint, err := url.Parse(at)
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "https" && endpoint.Scheme != "http" {
		return nil, fmt.Errorf("attachments: endpoint %q must be https://host or http://host", at)
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Secure: endpoint.Scheme == "https", Region: asked.Get("region"),
		Creds: credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{}, &credentials.IAM{},
		}),
	})
	if err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	b := &bucket{client, u.Host, strings.Trim(u.Path, "/")}
	switch exists, err := client.BucketExists(ctx, b.name); {
	case err != nil:
		return nil, fmt.Errorf("attachments: bucket %s at %s: %w", b.name, endpoint.Host, err)
	case !exists:
		return nil, fmt.Errorf("attachments: bucket %s at %s does not exist", b.name, endpoint.Host)
	}
	return b, nil
}

func (b *bucket) key(id attachment.Digest) (string, error) {
	if err := id.Check("sha256"); err != nil {
		return "", err
	}
	return path.Join(b.prefix, string(id[:2]), string(id)), nil
}

// Put writes an object; stores take all of one or nothing.
func (b *bucket) Put(ctx context.Context, id attachment.Digest, content []byte) error {
	key, err := b.key(id)
	if err != nil {
		return err
	}
	_, err = b.client.PutObject(ctx, b.name, key, bytes.NewReader(content), int64(len(content)), minio.PutObjectOptions{
		ContentType: "application/octet-stream", SendContentMd5: true, DisableMultipart: true,
	})
	return err
}

func (b *bucket) Read(ctx context.Context, id attachment.Digest) (_ []byte, err error) {
	key, err := b.key(id)
	if err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, object.Close()) }()
	content, err := readBounded(object)
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, fmt.Errorf("%s: %w", id, fs.ErrNotExist)
	}
	return content, err
}
