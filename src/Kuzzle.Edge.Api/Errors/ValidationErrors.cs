namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about the specifications of documents, and documents that do not keep them: domain <c>validation</c>.</summary>
public static class ValidationErrors
{
    private const int Domain = 5 << 24;

    /// <summary>A specification that is none; one text tells all that is wrong.</summary>
    public static ApiError InvalidSpecifications(string faults) =>
        new("validation.assert.invalid_specifications", Domain | (1 << 16) | 11, 400, $"The specification is invalid: {faults}", [faults]);

    /// <summary>The collection has no specification.</summary>
    public static ApiError NotFound(string index, string collection) =>
        new("validation.assert.not_found", Domain | (1 << 16) | 12, 404, $"There is no specification for the collection \"{collection}\" of the index \"{index}\".", [index, collection]);

    /// <summary>The filter of a specification is none.</summary>
    public static ApiError InvalidFilters(string reason) =>
        new("validation.assert.invalid_filters", Domain | (1 << 16) | 13, 400, $"The validators are no filter: {reason}", [reason]);

    /// <summary>A document breaks a rule about the whole.</summary>
    public static ApiError FailedDocument(string reason) =>
        new("validation.check.failed_document", Domain | (3 << 16) | 1, 400, $"The document is not valid: {reason}", [reason]);

    /// <summary>A field breaks its rule.</summary>
    public static ApiError FailedField(string field, string reason) =>
        new("validation.check.failed_field", Domain | (3 << 16) | 2, 400, $"The field \"{field}\" is not valid: {reason}", [field, reason]);
}
