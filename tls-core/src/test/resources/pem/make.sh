#!/bin/sh
# Makes the keys and certificates of this folder as OpenSSL writes them. They are for tests and protect nothing.
set -eu
cd "$(dirname "$0")"
cert() { openssl req -x509 -new -key "$1" -subj "/CN=$2" -days 36500 -addext "subjectAltName=DNS:$2" -out "$3"; }

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec-pkcs8.key
openssl ec -in ec-pkcs8.key -out ec-sec1.key
openssl ecparam -name prime256v1 -genkey -out ec-sec1-with-parameters.key
openssl ecparam -name secp384r1 -genkey -noout -out ec-p384-sec1.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out ec-secp256k1.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -out ec-explicit.key
openssl genrsa -traditional -out rsa-pkcs1.key 2048
openssl pkcs8 -topk8 -nocrypt -in rsa-pkcs1.key -out rsa-pkcs8.key
openssl rsa -traditional -aes256 -passout "pass:correct horse" -in rsa-pkcs1.key -out rsa-pkcs1-encrypted.key
openssl pkcs8 -topk8 -v2 aes256 -passout "pass:correct horse" -in rsa-pkcs1.key -out rsa-pkcs8-encrypted.key
openssl pkcs8 -topk8 -scrypt -passout "pass:correct horse" -in rsa-pkcs1.key -out rsa-pkcs8-scrypt.key
openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout "pass:correct horse" -in rsa-pkcs1.key -out rsa-pkcs8-pbes1.key
openssl ec -aes128 -passout "pass:correct horse" -in ec-pkcs8.key -out ec-sec1-encrypted.key
openssl genpkey -algorithm ed25519 -out ed25519.key
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out rsa-pss.key
openssl genpkey -algorithm x25519 -out x25519.key

cert ec-pkcs8.key ec.example.com ec.pem
cert ec-sec1-with-parameters.key parameters.example.com ec-with-parameters.pem
cert ec-p384-sec1.key p384.example.com ec-p384.pem
cert rsa-pkcs1.key rsa.example.com rsa.pem
cert ed25519.key ed25519.example.com ed25519.pem
openssl x509 -in ec.pem -addtrust serverAuth -out ec-trusted.pem
openssl x509 -in ec.pem -text -out ec-with-text.pem
