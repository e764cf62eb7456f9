import { useHealth } from "../api/service";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";

/** Says what ails the service as a whole: its database, or that there is no worker. */
export function ServiceNote() {
  const { data: health } = useHealth();
  if (!health) return null;
  if (health.database.ailment !== null) {
    return (
      <Notice tone="bad" title="The database cannot be written" announced>
        <Prose text={health.database.ailment} />
      </Notice>
    );
  }
  const waiting = health.jobs?.queued ?? 0;
  if (waiting === 0 || health.workers.some((worker) => worker.alive)) return null;
  return (
    <Notice title="No worker is running" announced>
      Jobs wait until there is one: start it with <code className="code">trad worker</code>, or restart{" "}
      <code className="code">trad serve</code> with <code className="code">--workers 1</code>.
    </Notice>
  );
}
