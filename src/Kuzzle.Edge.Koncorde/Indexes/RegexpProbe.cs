using System.Text.Json;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Regexps;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>One expression on one field, run at most once a document however many filters hold it.</summary>
internal sealed class RegexpProbe(DocumentFields fields, DocumentField field, Regexp regexp)
{
    private RegexpMatcher? _matcher; // made when first asked: behind a rarer condition most never are
    private ulong _document;
    private bool _isMatch;

    // Filters found by the match, and by its absence.
    public Postings Matching;
    public Postings Others;

    /// <summary>How many conditions hold it.</summary>
    public int Uses { get; set; }

    public bool Holds()
    {
        if (_document == fields.CurrentDocument) return _isMatch;

        _document = fields.CurrentDocument;
        _isMatch = field.Kind == JsonValueKind.String && Matcher().IsMatch(field.Text);
        return _isMatch;
    }

    private RegexpMatcher Matcher() => _matcher ??= new RegexpMatcher(regexp.Compile());
}
