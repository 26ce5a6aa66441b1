#!/usr/bin/env bash
# zod 4.6.7: z.toJSONSchema(registry, { uri }) writes references with two "#" for a recursive schema without a name.
#
# `uri` says where each schema of a registry goes, such as "#/components/schemas/<name>" in an OpenAPI document. A
# recursive schema that has no name of its own, such as z.json(), is put into "$defs" of an extra schema "__shared", and
# zod appends "#/$defs/…" to what `uri` gives for that name. "#/components/schemas/__shared#/$defs/schema0" is no JSON
# Pointer, since "#" may stand in a URI once: no OpenAPI tool resolves it, and nothing is thrown.
# What helps: register the recursive schema under a name, or use z.unknown() where any JSON is meant.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-fund --no-audit zod@4.6.7 >/dev/null
cat >try.mjs <<'JS'
import * as z from 'zod';

const registry = z.registry();
registry.add(z.object({ value: z.json() }), { id: 'Note' });
const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
console.log(Object.keys(schemas).join(' '), schemas.Note.properties.value.$ref);
JS
seen=$(node try.mjs)
echo "zod 4.6.7: $seen"
# shellcheck disable=SC2016
[[ $seen == 'Note __shared #/components/schemas/__shared#/$defs/schema0' ]] || { echo 'The behaviour has changed.'; exit 1; }
