/** Name a stage as it is spoken. */
export function stageName(stage: string | null | undefined): string {
  return stage ? stage.replaceAll("_", " ") : "";
}
