namespace MLNet.BatchNorm.Tests.Samples.Convergence.Browser;

/// <summary>A test in a headless browser: Chromium or Chrome of the system; skipped where there is none.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (HeadlessBrowser.Path is null)
        {
            Skip = "There is no Chromium: install it (Debian: apt-get install chromium), or name one in the environment variable CHROME_PATH.";
        }
    }
}
