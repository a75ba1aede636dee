// node check-kubernetes.mjs FILE: holds manifests against the types of Kubernetes' own API; says what is wrong with them,
// and ends with 1 where something is.
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';

let sound = true;
for (const manifest of loadAll(readFileSync(process.argv[2], 'utf8'))) {
  let complaint = '';
  try {
    const { [manifest.kind]: Kind } = await import(`kubernetes-models/${manifest.apiVersion}`);
    new Kind(manifest).validate();
  } catch (error) {
    complaint = error.message;
  }
  console.log(`${manifest.kind} ${manifest.metadata?.name}: ${complaint || 'is one'}`);
  if (complaint) sound = false;
}
process.exit(sound ? 0 : 1);
