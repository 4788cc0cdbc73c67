namespace MLNet.BatchNorm.Convergence.Report;

/// <summary>A part of the report. Another study adds its own by implementing this and passing it to <see cref="StudyReport"/>.</summary>
public interface IReportSection
{
    /// <summary>The anchor, unique on the page.</summary>
    string Id { get; }

    /// <summary>The heading, also in the table of contents.</summary>
    string Title { get; }

    /// <summary>Writes what stands below the heading.</summary>
    void Write(HtmlWriter html);
}
