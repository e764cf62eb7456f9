import { useSearch } from "@tanstack/react-router";
import { useJob } from "../api/jobs";
import { useDatasets, useStrategies } from "../api/service";
import { Failure } from "../parts/Failure";
import { EMPTY, forStrategy, likeJob, withStrategy, type JobForm } from "./form";
import { NewJobForm } from "./NewJobForm";

/** Make a job: anew, or like another one. */
export function NewJobPage() {
  const { like, strategy, data } = useSearch({ from: "/new" });
  // Another address is another form: what was typed into the last one does not stay in it.
  const key = JSON.stringify([like, strategy, data]);
  return like === undefined ? <Catalog key={key} like={null} /> : <Duplicate key={key} id={like} />;
}

function Duplicate({ id }: { readonly id: string }) {
  const { data: job, error } = useJob(id);
  if (error !== null && !job) return <Failure what="The job to duplicate cannot be read" error={error} />;
  return job ? <Catalog like={likeJob(job)} /> : <p className="dim">Reading the job …</p>;
}

function Catalog({ like }: { readonly like: JobForm | null }) {
  const { strategy, data } = useSearch({ from: "/new" });
  const strategies = useStrategies();
  const datasets = useDatasets();
  const failed = [strategies, datasets].find((query) => query.error !== null && !query.data);
  if (failed) {
    return (
      <Failure
        what="Strategies and candles cannot be read"
        error={failed.error}
        retry={() => void failed.refetch()}
      />
    );
  }
  if (!strategies.data || !datasets.data) return <p className="dim">Reading strategies and candles …</p>;
  const wanted = like?.strategy ?? strategy;
  const chosen = strategies.data.find((one) => one.name === wanted);
  const blank = { ...EMPTY, data: data ?? "" };
  const start = chosen ? (like ? forStrategy(like, chosen) : withStrategy(blank, chosen)) : (like ?? blank);
  return <NewJobForm start={start} strategies={strategies.data} datasets={datasets.data} />;
}
