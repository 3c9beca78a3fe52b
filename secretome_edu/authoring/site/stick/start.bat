@echo off
rem Opens the course. The first time it sets itself up from the folder wheels; no network is needed.
cd /d "%~dp0"
for %%v in (@VERSIONS@) do (
  py -%%v -c "" >nul 2>nul && (
    py -%%v -m secretome_edu open %*
    goto end
  )
)
echo The course needs one of these Pythons: @VERSIONS@ (python.org/downloads).
echo To read it without Python, open book\index.html in a browser.
:end
pause
