"""What was shown and what was measured, printed as it happens and written as a page."""
import time


class Report:
    def __init__(self, title):
        self.title = title
        self.claims = []   # (claim, outcome, evidence); outcome is "shown", "FAILED" or "skipped"
        self.figures = []  # (what, value)
        self.facts = []    # (what, value)
        self.began = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())

    def claim(self, claim, holds, evidence):
        """Notes whether a claim was seen to hold; returns it."""
        self._add(claim, "shown" if holds else "FAILED", evidence)
        return holds

    def skip(self, claim, why):
        self._add(claim, "skipped", why)

    def _add(self, claim, outcome, evidence):
        self.claims.append((claim, outcome, evidence))
        print(f"{outcome:8} {claim}: {evidence}", flush=True)

    def figure(self, what, value):
        self.figures.append((what, value))
        print(f"{'figure':8} {what}: {value}", flush=True)

    def fact(self, what, value):
        self.facts.append((what, value))

    @property
    def failed(self):
        return [claim for claim, outcome, _ in self.claims if outcome == "FAILED"]

    def counts(self):
        outcomes = [outcome for _, outcome, _ in self.claims]
        return f"{outcomes.count('shown')} passed, {outcomes.count('FAILED')} failed, {outcomes.count('skipped')} skipped"

    def write(self, path):
        def row(*cells):
            return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

        with open(path, "w") as page:
            page.write(f"# {self.title}\n\n{self.began}: {self.counts()}.\n\n")
            page.writelines(f"- {what}: {value}\n" for what, value in self.facts)
            page.write("\n" + row("claim", "outcome", "seen") + row("---", "---", "---"))
            page.writelines(row(*claim) for claim in self.claims)
            if self.figures:
                page.write("\n" + row("measured", "value") + row("---", "---"))
                page.writelines(row(*figure) for figure in self.figures)
